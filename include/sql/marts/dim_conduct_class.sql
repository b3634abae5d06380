-- Grain: one class of the national catalogue. Key: conduct_class_code.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.dim_conduct_class as t
where not exists (
  select from (
    select
      code as conduct_class_code,
      label as conduct_class_name
    from ref.code
    where list_code = 'catalogue_class'
  ) as s
  where t.conduct_class_code = s.conduct_class_code
);

merge into marts.dim_conduct_class as t
using (
  select
    code as conduct_class_code,
    label as conduct_class_name
  from ref.code
  where list_code = 'catalogue_class'
) as s
on t.conduct_class_code = s.conduct_class_code
when matched and (t.conduct_class_name) is distinct from (s.conduct_class_name)
  then update set conduct_class_name = s.conduct_class_name
when not matched
  then insert (conduct_class_code, conduct_class_name)
  values (s.conduct_class_code, s.conduct_class_name);
