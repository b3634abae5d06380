-- Recorded changes of a subject's key. Grain: one change. Key: (old_subject_key, new_subject_key).
-- Safe to re-run: a change is recorded once; what it moves, every build moves again.

-- section: ends
-- Whether both are subjects, and whether the new key already leads back to the old one.
select
    (
        select count(*) = 2 from core.subject
        where subject_key in (%(old_subject_key)s, %(new_subject_key)s)
    ) as is_known,
    (
        select count(*) > 0 from core.current_key
        where old_key = %(new_subject_key)s and new_key = %(old_subject_key)s
    ) as is_loop;

-- section: record
insert into core.rekey (old_subject_key, new_subject_key, reason, known_at)
values (%(old_subject_key)s, %(new_subject_key)s, %(reason)s, %(known_at)s)
on conflict (old_subject_key, new_subject_key) do nothing;
