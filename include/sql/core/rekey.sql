-- Recorded changes of a subject's key. Grain: one change. Key: (old_subject_key, new_subject_key).
-- Safe to re-run: a change is recorded once; what it moves, every build moves again.

-- section: ends
-- Whether both are subjects, and whether the new key already leads back to the old one.
with known as materialized (
    select count(*) = 2 as is_known
    from core.subject
    where subject_key in (%(old_subject_key)s, %(new_subject_key)s)
),

led as materialized (
    select count(*) > 0 as is_loop
    from core.current_key
    where old_key = %(new_subject_key)s and new_key = %(old_subject_key)s
)

select
    known.is_known,
    led.is_loop
from known
cross join led;

-- section: record
insert into core.rekey (old_subject_key, new_subject_key, reason, known_at)
values (%(old_subject_key)s, %(new_subject_key)s, %(reason)s, %(known_at)s)
on conflict (old_subject_key, new_subject_key) do nothing;
