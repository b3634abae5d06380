-- Takes the claims of files that no longer stand out of the fold (B7, B8). Grain: one file. Key: file_id.
-- Safe to re-run: a file without claims has none to lose. A file that stands again is claimed again.

-- section: registers
-- Whose claims it is can rest on what a register said: then all of it is folded again.
select count(*) > 0
from core.claimed_file as d
inner join core.claim as c on d.file_id = c.file_id and c.act = 'registration'
where
    not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    );

-- section: touch
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    c.subject_key,
    %(run_id)s,
    'superseded'
from core.claimed_file as d
inner join core.claim as c on d.file_id = c.file_id
where
    not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    )
on conflict (subject_key, run_id) do nothing;

-- section: drop
delete from core.claim as c using core.claimed_file as d
where
    c.file_id = d.file_id and not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    );

-- section: settle
delete from ops.issue as i using core.claimed_file as d
where
    i.file_id = d.file_id and i.origin = 'fold' and not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    );

-- section: forget
delete from core.claimed_file as d
where
    not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    );
