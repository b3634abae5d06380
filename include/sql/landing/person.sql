-- Natural persons in the vault: their ids, and the tokens of every key that lead to one lasting key (decision 16).
-- Grain: one token. Key: token. Safe to re-run: what a token led to first, it leads to for ever.
-- %(person)s, %(token)s, %(key_version)s are arrays of one length: a person's tokens, those of the oldest key first.

-- section: keep
insert into vault.person_identifier (token, key_version, scheme, value, file_id, known_at)
select
    g.token,
    g.key_version,
    g.scheme,
    g.value,
    %(file_id)s,
    %(known_at)s
from unnest(%(token)s::text[], %(key_version)s::text[], %(scheme)s::text[], %(value)s::text[])
    as g (token, key_version, scheme, value)
on conflict (token) do nothing;

-- section: know_key
insert into vault.token_key (key_version, fingerprint, known_at)
values (%(key_version)s, %(fingerprint)s, %(known_at)s)
on conflict (key_version) do nothing;

-- section: changed_key
select key_version from vault.token_key
where key_version = %(key_version)s and fingerprint <> %(fingerprint)s;

-- section: link
insert into vault.person_alias (token, key_version, person_key, known_at)
with given as (
    select
        g.person,
        g.token,
        g.key_version,
        g.place,
        a.person_key
    from unnest(%(person)s::bigint[], %(token)s::text[], %(key_version)s::text[])
        with ordinality as g (person, token, key_version, place)
    left join vault.person_alias as a on g.token = a.token
),

named as (
    select distinct on (person)
        person,
        coalesce(person_key, token) as person_key
    from given
    order by person, person_key is null, place
)

select
    g.token,
    g.key_version,
    n.person_key,
    %(known_at)s
from given as g
inner join named as n on g.person = n.person
on conflict (token) do nothing;

-- section: rekey
-- A person who was named twice, since an older key was absent when a newer one came: the older name is the subject's.
insert into core.rekey (old_subject_key, new_subject_key, reason, known_at)
with given as (
    select
        g.person,
        g.place,
        a.person_key
    from unnest(%(person)s::bigint[], %(token)s::text[]) with ordinality as g (person, token, place)
    inner join vault.person_alias as a on g.token = a.token
),

named as (
    select distinct on (person)
        person,
        person_key
    from given
    order by person, place
)

select distinct
    core.key('person', g.person_key),
    core.key('person', n.person_key),
    'person_key_rotation',
    %(known_at)s::timestamptz
from given as g
inner join named as n on g.person = n.person
where g.person_key <> n.person_key
on conflict (old_subject_key, new_subject_key) do nothing;

-- section: held
select value from vault.person_identifier
order by value;

-- section: note_access
insert into vault.access (token, reader, purpose, known_at)
select
    token,
    session_user,
    'token_key_rotation',
    %(known_at)s
from vault.person_identifier;
