-- Grain: one reporting unit or department. Key: department_code.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.dim_department as t
where not exists (
  select from (
    select
      code as department_code,
      label as department_name,
      list_code as kind,
      attributes ->> 'region_code' as region_code
    from ref.code
    where list_code in ('department', 'reporting_unit')
  ) as s
  where t.department_code = s.department_code
);

merge into marts.dim_department as t
using (
  select
    code as department_code,
    label as department_name,
    list_code as kind,
    attributes ->> 'region_code' as region_code
  from ref.code
  where list_code in ('department', 'reporting_unit')
) as s
on t.department_code = s.department_code
when matched and (t.department_name, t.kind, t.region_code) is distinct from (s.department_name, s.kind, s.region_code)
  then update set department_name = s.department_name, kind = s.kind, region_code = s.region_code
when not matched
  then insert (department_code, department_name, kind, region_code)
  values (s.department_code, s.department_name, s.kind, s.region_code);
