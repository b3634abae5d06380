-- Files that stand and whose evidence is not claimed yet, by kind. Grain: one file. Key: file_id.
-- Safe to re-run: reads, and marks a file once.

-- section: kinds
select distinct f.kind
from core.standing_file as f
where
    not exists (
        select from core.claimed_file as c
        where c.file_id = f.file_id
    )
order by f.kind;

-- section: mark
insert into core.claimed_file (file_id, kind, run_id)
select
    f.file_id,
    f.kind,
    %(run_id)s
from core.standing_file as f
on conflict (file_id) do nothing;
