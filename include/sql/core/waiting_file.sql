-- Files whose evidence is not claimed yet, by kind. Grain: one accepted file. Key: file_id.
-- Safe to re-run: reads, and marks a file once.

-- section: kinds
select distinct f.kind
from landing.file as f
where
    f.state = 'accepted' and not exists (
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
from landing.file as f
where f.state = 'accepted'
on conflict (file_id) do nothing;
