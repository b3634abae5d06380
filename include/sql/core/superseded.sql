-- Takes the claims of files that no longer stand out of the fold (B7, B8). Grain: one file. Key: file_id.
-- Safe to re-run: a file without claims has none to lose. A file that stands again is claimed again.
-- The files are named one by one, so that their claims are found by file: nobody reads all claims to find that there are none.

-- section: files
select d.file_id
from core.claimed_file as d
where
    not exists (
        select from core.standing_file as s
        where s.file_id = d.file_id
    );

-- section: registers
-- Whose claims it is can rest on what a register said: then all of it is folded again.
select count(*) > 0
from core.claim
where file_id = any(%(file_ids)s) and act = 'registration';

-- section: touch
-- And of whom else the same decisions were told: what they were asked about may be gone (core/rival).
insert into core.touched_subject (subject_key, run_id, reason)
with gone as materialized (
    select distinct
        subject_key,
        document_key
    from core.claim
    where file_id = any(%(file_ids)s)
)

select
    subject_key,
    %(run_id)s,
    'superseded'
from gone
union
select
    c.subject_key,
    %(run_id)s,
    'superseded'
from gone as g
inner join core.claim as c on g.document_key = c.document_key
on conflict (subject_key, run_id) do nothing;

-- section: drop
delete from core.claim
where file_id = any(%(file_ids)s);

-- section: settle
delete from ops.issue
where file_id = any(%(file_ids)s) and origin = 'fold';

-- section: forget
delete from core.claimed_file
where file_id = any(%(file_ids)s);
