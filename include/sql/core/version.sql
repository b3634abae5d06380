-- History of records and list entries (D4): a version is appended when the content is another than that of the last one.
-- Grain: one content of one record or entry. Keys: (subject_key, record_key or entry_key, version_no).
-- Safe to re-run: unchanged content appends nothing; valid_on and known_at are not content.

-- section: records
insert into core.record_version (
    subject_key, record_key, version_no, valid_on, known_at, run_id, change, state, state_reason, content, content_hash
)
-- A record that is as it was keeps the day it was computed for, and has its version: only the others are looked at. How many
-- they are the planner cannot know, so each join leads to a table by its key.
with written as materialized (
    select
        r.subject_key,
        r.record_key,
        r.content_hash
    from core.touched_subject as t
    inner join core.record as r on t.subject_key = r.subject_key and r.valid_on = %(valid_on)s
    where t.run_id = %(run_id)s
),

last as (
    select distinct on (w.subject_key, w.record_key)
        w.subject_key,
        w.record_key,
        p.version_no,
        p.change,
        coalesce(p.content_hash <> w.content_hash, true) as is_other
    from written as w
    left join core.record_version as p on w.subject_key = p.subject_key and w.record_key = p.record_key
    order by w.subject_key asc, w.record_key asc, p.version_no desc
)

select
    r.subject_key,
    r.record_key,
    coalesce(v.version_no, 0) + 1,
    %(valid_on)s,
    %(known_at)s,
    %(run_id)s,
    case when v.version_no is null or v.change = 'removed' then 'created' else 'changed' end,
    r.state,
    r.state_reason,
    to_jsonb(r) - array['valid_on', 'content_hash', 'claim_key', 'hold_codes'],
    r.content_hash
from last as v
inner join core.record as r on v.subject_key = r.subject_key and v.record_key = r.record_key
where v.is_other or v.change = 'removed';

-- section: removed_records
insert into core.record_version (
    subject_key, record_key, version_no, valid_on, known_at, run_id, change, state, state_reason, content, content_hash
)
-- which records these are, the index of versions tells by itself
with gone as materialized (
    select distinct
        p.subject_key,
        p.record_key
    from core.touched_subject as t
    inner join core.record_version as p on t.subject_key = p.subject_key
    where
        t.run_id = %(run_id)s
        and not exists (
            select from core.record as r
            where r.subject_key = p.subject_key and r.record_key = p.record_key
        )
)

select
    v.subject_key,
    v.record_key,
    v.version_no + 1,
    %(valid_on)s,
    %(known_at)s,
    %(run_id)s,
    'removed',
    v.state,
    'evidence_no_longer_supports',
    v.content,
    v.content_hash
from (
    select distinct on (p.subject_key, p.record_key) p.*
    from gone as g
    inner join core.record_version as p on g.subject_key = p.subject_key and g.record_key = p.record_key
    order by p.subject_key asc, p.record_key asc, p.version_no desc
) as v
where v.change <> 'removed';

-- section: entries
insert into core.list_entry_version (
    subject_key, entry_key, version_no, valid_on, known_at, run_id, change, state, content, content_hash
)
select
    e.subject_key,
    e.entry_key,
    coalesce(v.version_no, 0) + 1,
    %(valid_on)s,
    %(known_at)s,
    %(run_id)s,
    case when v.version_no is null or v.change = 'removed' then 'created' else 'changed' end,
    e.state,
    to_jsonb(e) - array['valid_on', 'content_hash'],
    e.content_hash
from core.list_entry as e
inner join core.touched_subject as t on e.subject_key = t.subject_key and t.run_id = %(run_id)s
left join (
    select distinct on (p.subject_key, p.entry_key)
        p.subject_key,
        p.entry_key,
        p.version_no,
        p.change,
        p.content_hash
    from core.list_entry_version as p
    inner join core.touched_subject as u on p.subject_key = u.subject_key and u.run_id = %(run_id)s
    order by p.subject_key asc, p.entry_key asc, p.version_no desc
) as v on e.subject_key = v.subject_key and e.entry_key = v.entry_key
where v.content_hash is distinct from e.content_hash or v.change = 'removed';

-- section: removed_entries
insert into core.list_entry_version (
    subject_key, entry_key, version_no, valid_on, known_at, run_id, change, state, content, content_hash
)
select
    v.subject_key,
    v.entry_key,
    v.version_no + 1,
    %(valid_on)s,
    %(known_at)s,
    %(run_id)s,
    'removed',
    v.state,
    v.content,
    v.content_hash
from (
    select distinct on (p.subject_key, p.entry_key) p.*
    from core.list_entry_version as p
    inner join core.touched_subject as t on p.subject_key = t.subject_key and t.run_id = %(run_id)s
    order by p.subject_key asc, p.entry_key asc, p.version_no desc
) as v
where
    v.change <> 'removed'
    and not exists (
        select from core.list_entry as e
        where e.subject_key = v.subject_key and e.entry_key = v.entry_key
    );
