-- Claims of one decision about a party of one name under different codes, or once by a code and once as a natural person, in different
-- subjects: which is right is in doubt.
-- Grain: one claim that another subject's claim contradicts so. Key: (subject_key, claim_key). Safe to re-run: each build finds them
-- anew, and touches whom such a doubt held before (core/touched); view core.doubtful_code says which of the claims must wait.

-- section: clear
truncate core_next.rival;

-- section: find
insert into core_next.rival (subject_key, claim_key, party_key)
-- What leads across subjects is looked up first, as in core/move; where an act alone is new, core/unplaced asks for its decision's.
with told as materialized (
    select distinct c.document_key
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    where
        t.run_id = %(run_id)s
        and c.document_key is not null
        and c.act in (
            'determination', 'listing', 'recognition', 'modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling'
        )
),

-- most decisions are told of one subject: only of the others the names are looked at
shared as materialized (
    select c.document_key
    from told as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        c.act in ('determination', 'listing', 'recognition')
        and c.party_scheme in ('uscc', 'org_code', 'registration_no', 'person')
    group by c.document_key
    having min(c.subject_key) <> max(c.subject_key)
),

named as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.document_key,
        c.party_scheme,
        c.authority_code,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name
    from shared as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        c.act in ('determination', 'listing', 'recognition')
        and c.party_scheme in ('uscc', 'org_code', 'registration_no', 'person')
        -- who may be a person because nothing else was stated contradicts nobody
        and not c.body ? 'category_assumed'
),

-- an authority that one row names and another gives the code of is one
party as (
    select
        n.subject_key,
        n.claim_key,
        n.party_scheme,
        core.key(
            n.document_key,
            coalesce(min(n.authority_code) over (partition by n.document_key, n.authority_name), n.authority_name), n.party_name
        ) as party_key
    from named as n
)

select
    p.subject_key,
    p.claim_key,
    p.party_key
from (
    select
        party.*,
        -- two persons of one name are two persons
        min(subject_key) over one_party <> max(subject_key) over one_party
        and bool_or(party_scheme <> 'person') over one_party as is_contradicted
    from party
    window one_party as (partition by party_key)
) as p
where p.is_contradicted;

-- section: touch
-- After the touched subjects were named: these keep their names.
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    subject_key,
    %(run_id)s,
    'doubted'
from core_next.rival
on conflict (subject_key, run_id) do nothing;
