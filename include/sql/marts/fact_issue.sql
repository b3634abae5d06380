-- Issues by unit, kind and data date; whether the unit had them before, and when it delivered without them.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with counted as (
  select
    f.unit_code,
    coalesce(f.kind, 'unknown') as kind,
    f.data_date,
    i.issue_code,
    i.severity,
    i.responsibility,
    i.origin,
    count(*) as issue_count
  from ops.issue as i
  inner join landing.file as f on f.file_id = i.file_id
  group by f.unit_code, coalesce(f.kind, 'unknown'), f.data_date, i.issue_code, i.severity, i.responsibility, i.origin
),

delivered as (
  select distinct unit_code, kind, data_date
  from landing.file
  where state = 'accepted' and kind is not null
),

corrected as (
  select
    c.unit_code,
    c.kind,
    c.data_date,
    c.issue_code,
    min(d.data_date) as corrected_on
  from counted as c
  inner join delivered as d on d.unit_code = c.unit_code and d.kind = c.kind and d.data_date > c.data_date
  where not exists (
    select from counted as o
    where o.unit_code = c.unit_code and o.kind = c.kind and o.issue_code = c.issue_code and o.data_date = d.data_date
  )
  group by c.unit_code, c.kind, c.data_date, c.issue_code
)

select
  c.unit_code,
  c.kind,
  c.data_date,
  c.issue_code,
  c.severity,
  c.responsibility,
  c.origin,
  min(c.data_date) over (partition by c.unit_code, c.kind, c.issue_code) < c.data_date as is_repeat,
  n.corrected_on,
  c.issue_count,
  (b.working_day_no - a.working_day_no)::bigint as correction_working_days
from counted as c
left join corrected as n
  on n.unit_code = c.unit_code and n.kind = c.kind and n.data_date = c.data_date and n.issue_code = c.issue_code
left join ref.calendar as a on a.day = c.data_date
left join ref.calendar as b on b.day = n.corrected_on
