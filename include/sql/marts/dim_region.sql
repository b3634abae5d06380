-- Divisions with their history: a code starts and ends where the list of changes says, or has always stood.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with recursive change as (
  select
    attributes ->> 'old_code' as old_code,
    attributes ->> 'old_name' as old_name,
    attributes ->> 'new_code' as new_code,
    attributes ->> 'new_name' as new_name,
    coalesce((attributes ->> 'effective_on')::date, make_date((attributes ->> 'year')::integer, 1, 1)) as changed_on
  from ref.code
  where list_code = 'region_history'
),

named as (
  select new_code as region_code, new_name as region_name, changed_on as valid_from
  from change
  where new_code is not null
  union
  select o.old_code, o.old_name, date '1949-10-01'
  from change as o
  where o.old_code is not null
    and not exists (select from change as n where n.new_code = o.old_code and n.changed_on <= o.changed_on and n <> o)
  union
  select c.code, c.label, date '1949-10-01'
  from ref.code as c
  where c.list_code = 'region' and not exists (select from change as n where n.new_code = c.code)
),

period as (
  select distinct on (n.region_code, n.valid_from)
    n.region_code,
    n.region_name,
    n.valid_from,
    least(
      (select min(o.changed_on) from change as o where o.old_code = n.region_code and o.changed_on > n.valid_from),
      (select min(o.valid_from) from named as o where o.region_code = n.region_code and o.valid_from > n.valid_from)
    ) - 1 as valid_until
  from named as n
  order by n.region_code asc, n.valid_from asc, n.region_name asc
),

walk as (
  select code, code as at_code, date '1949-10-01' as at_on
  from (
    select region_code as code from period
    union
    select code from ref.code where list_code = 'region'
  ) as every
  union
  select w.code, c.new_code, c.changed_on
  from walk as w
  inner join change as c on c.old_code = w.at_code and c.changed_on > w.at_on and c.new_code <> c.old_code
),

successor as (
  select distinct on (w.code) w.code, w.at_code as current_code
  from walk as w
  inner join ref.code as r on r.list_code = 'region' and r.code = w.at_code
  order by w.code asc, w.at_on desc, w.at_code asc
)

select
  p.region_code,
  p.valid_from,
  p.valid_until,
  p.region_name,
  r.attributes ->> 'kind' as kind,
  nullif(r.attributes ->> 'parent', '') as parent_code,
  coalesce(s.current_code, p.region_code) as current_code,
  u.code as unit_code,
  p.valid_until is null and r.code is not null as is_current
from period as p
left join ref.code as r on r.list_code = 'region' and r.code = p.region_code
left join successor as s on s.code = p.region_code
left join ref.code as u
  on u.list_code = 'reporting_unit'
  and u.attributes ->> 'region_code' in (coalesce(s.current_code, p.region_code), left(coalesce(s.current_code, p.region_code), 4) || '00')
