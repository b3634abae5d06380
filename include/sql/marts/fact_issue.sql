-- Issues by unit, kind and data date; whether the unit had them before, and when it delivered without them.
-- What no change can touch is left out: what was put right before the earliest delivery that is looked at again.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with counted as (
  select
    unit_code, kind, data_date, issue_code, severity, responsibility, origin, sum(issue_count)::bigint as issue_count
  from (
    select
      i.unit_code, i.kind, i.data_date, i.issue_code, i.severity, i.responsibility, i.origin, i.issue_count
    from marts.fact_issue as i
    inner join marts_next.delivery as d on d.unit_code = i.unit_code and d.kind = i.kind
    where i.data_date >= d.since_on or i.corrected_on is null or i.corrected_on >= d.since_on
    union all
    select unit_code, kind, data_date, issue_code, severity, responsibility, origin, issue_count
    from marts_next.issue
  ) as i
  group by unit_code, kind, data_date, issue_code, severity, responsibility, origin
  having sum(issue_count) <> 0
),

found as (
  select distinct unit_code, kind, issue_code, data_date
  from counted
),

-- the first day of each issue: one that is left out may be earlier than all that are looked at
first as (
  select
    f.unit_code,
    f.kind,
    f.issue_code,
    least(
      min(f.data_date),
      (
        select min(o.data_date) from marts.fact_issue as o
        where o.unit_code = f.unit_code and o.kind = f.kind and o.issue_code = f.issue_code and o.data_date < d.since_on
      )
    ) as first_on
  from found as f
  inner join marts_next.delivery as d on d.unit_code = f.unit_code and d.kind = f.kind
  group by f.unit_code, f.kind, f.issue_code, d.since_on
),

delivery as (
  select f.unit_code, f.kind, f.data_date, bool_or(f.state = 'accepted') as is_accepted
  from marts_next.delivery as d
  inner join landing.file as f on f.unit_code = d.unit_code and f.kind = d.kind and f.data_date >= d.since_on
  group by f.unit_code, f.kind, f.data_date
),

-- every delivery of a kind beside every issue of the unit in it, read backwards: no date is compared with all others
line as (
  select
    c.unit_code, c.kind, c.data_date, c.issue_code, c.severity, c.responsibility, c.origin, c.issue_count, i.first_on,
    false as is_accepted
  from counted as c
  inner join first as i on i.unit_code = c.unit_code and i.kind = c.kind and i.issue_code = c.issue_code
  union all
  select i.unit_code, i.kind, d.data_date, i.issue_code, null, null, null, null, i.first_on, d.is_accepted
  from first as i
  inner join delivery as d on d.unit_code = i.unit_code and d.kind = i.kind
),

judged as (
  select
    *,
    is_accepted and count(issue_count) over (partition by unit_code, kind, issue_code, data_date) = 0 as is_free
  from line
),

corrected as (
  select
    *,
    min(data_date) filter (where is_free) over (
      partition by unit_code, kind, issue_code
      order by data_date desc
      range between unbounded preceding and interval '1 day' preceding
    ) as corrected_on
  from judged
)

select
  c.unit_code,
  c.kind,
  c.data_date,
  c.issue_code,
  c.severity,
  c.responsibility,
  c.origin,
  c.first_on < c.data_date as is_repeat,
  c.corrected_on,
  c.issue_count,
  (b.working_day_no - a.working_day_no)::bigint as correction_working_days
from corrected as c
left join ref.calendar as a on a.day = c.data_date
left join ref.calendar as b on b.day = c.corrected_on
where c.issue_count is not null
