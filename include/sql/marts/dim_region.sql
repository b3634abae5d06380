-- Grain: one division of the province. Key: region_code.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.dim_region as t
where not exists (
  select from (
    select
      code as region_code,
      label as region_name,
      attributes ->> 'kind' as kind,
      nullif(attributes ->> 'parent', '') as parent_code
    from ref.code
    where list_code = 'region'
  ) as s
  where t.region_code = s.region_code
);

merge into marts.dim_region as t
using (
  select
    code as region_code,
    label as region_name,
    attributes ->> 'kind' as kind,
    nullif(attributes ->> 'parent', '') as parent_code
  from ref.code
  where list_code = 'region'
) as s
on t.region_code = s.region_code
when matched and (t.region_name, t.kind, t.parent_code) is distinct from (s.region_name, s.kind, s.parent_code)
  then update set region_name = s.region_name, kind = s.kind, parent_code = s.parent_code
when not matched
  then insert (region_code, region_name, kind, parent_code)
  values (s.region_code, s.region_name, s.kind, s.parent_code);
