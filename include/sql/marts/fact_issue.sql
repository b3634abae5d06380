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

delivery as (
  select unit_code, kind, data_date, bool_or(state = 'accepted') as is_accepted
  from landing.file
  where kind is not null
  group by unit_code, kind, data_date
),

found as (
  select distinct unit_code, kind, issue_code, data_date
  from counted
),

-- every delivery of a kind against every issue the unit ever had in it, read backwards: no date is compared with all others
corrected as (
  select
    c.unit_code,
    c.kind,
    c.issue_code,
    d.data_date,
    min(d.data_date) filter (where f.data_date is null and d.is_accepted) over (
      partition by c.unit_code, c.kind, c.issue_code
      order by d.data_date desc
      rows between unbounded preceding and 1 preceding
    ) as corrected_on
  from (select distinct unit_code, kind, issue_code from found) as c
  inner join delivery as d on d.unit_code = c.unit_code and d.kind = c.kind
  left join found as f
    on f.unit_code = c.unit_code and f.kind = c.kind and f.issue_code = c.issue_code and f.data_date = d.data_date
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
