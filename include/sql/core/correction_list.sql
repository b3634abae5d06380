-- What a unit still has to correct, across all its files (B6, B7, E4).
-- Grain: one finding of an open row, one refused file, one finding of the fold. Safe to re-run: reads only.
-- A row is open until the same contract reads it anew or a later file of the unit brings it: with the same key, or with the same
-- first part and at most one other part corrected. Tokens of natural persons' ids are not shown.

-- section: units
select distinct unit_code
from landing.file
where data_date <= %(data_date)s;

-- section: rows
with refused as (
    select
        f.unit_code,
        f.kind,
        f.file_name,
        f.data_date,
        q.file_id,
        q.row_no,
        q.business_key,
        string_to_array(q.business_key, '|') as parts
    from quarantine.row as q
    inner join core.standing_file as s on q.file_id = s.file_id
    inner join landing.file as f on q.file_id = f.file_id
    where q.replayed_at is null and f.data_date <= %(data_date)s
),

brought as (
    select distinct
        r.file_id,
        r.row_no
    from refused as r
    inner join core.standing_file as s on r.unit_code = s.unit_code and r.kind = s.kind and r.file_id <> s.file_id
    inner join evidence.accepted_row as e
        on s.file_id = e.file_id and e.kind = r.kind and split_part(e.business_key, '|', 1) = r.parts[1]
    where
        s.data_date >= r.data_date and s.data_date <= %(data_date)s
        and (
            select count(*) from unnest(r.parts, string_to_array(e.business_key, '|')) as p (old, new)
            where p.old is distinct from p.new
        ) <= case when cardinality(r.parts) > 2 then 1 else 0 end
)

select
    r.unit_code,
    r.kind,
    r.file_name,
    r.data_date,
    r.row_no,
    regexp_replace(i.value, 'pid[0-9A-Za-z]*-[0-9a-f]{32}', '********', 'g') as value,
    i.issue_code,
    i.severity,
    regexp_replace(i.message, 'pid[0-9A-Za-z]*-[0-9a-f]{32}', '********', 'g') as message,
    i.suggestion
from refused as r
inner join ops.issue as i on r.file_id = i.file_id and r.row_no = i.row_no and i.severity = 'error'
where not exists (
    select from brought as b
    where b.file_id = r.file_id and b.row_no = r.row_no
)
order by r.unit_code collate "C", r.data_date, r.file_name collate "C", r.file_id collate "C", r.row_no, i.issue_id collate "C";

-- section: files
-- Files that were refused as a whole, until one of the same name, whatever it ends with, or the same file, is taken.
select
    f.unit_code,
    f.kind,
    f.file_name,
    f.data_date,
    null::bigint as row_no,
    i.value,
    i.issue_code,
    i.severity,
    i.message,
    i.suggestion
from landing.file as f
inner join ops.issue as i on f.file_id = i.file_id and f.reason = i.issue_code and i.responsibility = 'department'
where
    f.state = 'refused' and f.data_date <= %(data_date)s
    and not exists (
        select from landing.file as g
        where
            g.unit_code = f.unit_code and g.file_id <> f.file_id
            and g.data_date >= f.data_date and g.data_date <= %(data_date)s
            and (regexp_replace(g.file_name, '[.][^.]*$', '') = regexp_replace(f.file_name, '[.][^.]*$', '') or g.sha256 = f.sha256)
            and (g.state = 'accepted' or (g.data_date, g.known_at, g.file_id) > (f.data_date, f.known_at, f.file_id))
    )
order by f.unit_code collate "C", f.data_date, f.file_name collate "C", f.file_id collate "C";

-- section: findings
-- What the fold found against other files and the warehouse, and a department can settle.
select
    f.unit_code,
    f.kind,
    f.file_name,
    f.data_date,
    i.row_no,
    regexp_replace(i.value, 'pid[0-9A-Za-z]*-[0-9a-f]{32}', '********', 'g') as value,
    i.issue_code,
    i.severity,
    regexp_replace(i.message, 'pid[0-9A-Za-z]*-[0-9a-f]{32}', '********', 'g') as message,
    i.suggestion
from ops.issue as i
inner join core.standing_file as s on i.file_id = s.file_id
inner join landing.file as f on i.file_id = f.file_id
where i.origin = 'fold' and i.responsibility = 'department' and i.severity <> 'notice' and f.data_date <= %(data_date)s
order by f.unit_code collate "C", f.data_date, f.file_name collate "C", f.file_id collate "C", i.row_no, i.issue_id collate "C";
