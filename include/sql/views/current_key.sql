-- Where people's decisions and recorded rekeys lead: old key to its newest key.
-- Grain and key: one key that is not current (old_key). Safe to re-run: only a definition.
create or replace view core.current_key as
with recursive decided as (
    select distinct on (candidate_key)
        candidate_key as old_key,
        subject_key as new_key
    from core.match_decision
    where judgement = 'same' and deleted_at is null
    order by candidate_key asc, decided_at desc, decision_key asc
),

recorded as (
    select distinct on (old_subject_key)
        old_subject_key as old_key,
        new_subject_key as new_key
    from core.rekey
    order by old_subject_key asc, known_at desc, new_subject_key asc
),

step as (
    select
        old_key,
        new_key
    from recorded
    union all
    select
        d.old_key,
        d.new_key
    from decided as d
    where not exists (
        select from recorded as r
        where r.old_key = d.old_key
    )
),

walk as (
    select
        old_key,
        new_key,
        array[old_key] as seen
    from step
    union all
    select
        w.old_key,
        s.new_key,
        w.seen || s.old_key
    from walk as w
    inner join step as s on w.new_key = s.old_key
    where not s.old_key = any(w.seen)
)

select distinct on (old_key)
    old_key,
    new_key
from walk
order by old_key asc, cardinality(seen) desc, new_key;
