-- Reporting units and departments, and the codes they once had: figures count under current_code.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with recursive change as (
  select
    attributes ->> 'old_code' as old_code,
    attributes ->> 'old_name' as old_name,
    attributes ->> 'new_code' as new_code,
    'reporting_unit' as kind,
    coalesce((attributes ->> 'effective_on')::date, make_date((attributes ->> 'year')::integer, 1, 1)) as changed_on
  from ref.code
  where list_code = 'region_history' and attributes ->> 'old_code' <> attributes ->> 'new_code'
  union all
  select code, label, attributes ->> 'successor_code', list_code, (attributes ->> 'merged_on')::date
  from ref.code
  where list_code in ('department', 'reporting_unit') and attributes ? 'successor_code'
),

listed as (
  select code, label, list_code as kind, attributes ->> 'region_code' as region_code
  from ref.code
  where list_code in ('department', 'reporting_unit')
),

walk as (
  select code as current_code, code, kind, null::date as changed_on
  from listed as l
  where not exists (select from change as c where c.old_code = l.code)
  union
  select w.current_code, c.old_code, c.kind, c.changed_on
  from walk as w
  inner join change as c on c.new_code = w.code and c.kind = w.kind
)

select distinct on (w.code)
  w.code as department_code,
  coalesce(l.label, c.old_name) as department_name,
  w.kind,
  w.kind = 'reporting_unit' as is_territory,
  coalesce(l.region_code, case when w.kind = 'reporting_unit' then w.code end) as region_code,
  w.current_code,
  w.changed_on
from walk as w
left join listed as l on l.code = w.code
left join change as c on c.old_code = w.code and c.changed_on = w.changed_on
order by w.code asc, w.changed_on desc nulls first, w.current_code asc
