-- Grain: one subject that is no natural person. Key: subject_key.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.dim_subject as t
where not exists (
  select from (
    select
      subject_key,
      name as subject_name,
      uscc as subject_code,
      category_code,
      region_code
    from core.subject
    where category_code is distinct from 'natural_person'
  ) as s
  where t.subject_key = s.subject_key
);

merge into marts.dim_subject as t
using (
  select
    subject_key,
    name as subject_name,
    uscc as subject_code,
    category_code,
    region_code
  from core.subject
  where category_code is distinct from 'natural_person'
) as s
on t.subject_key = s.subject_key
when matched and (t.subject_name, t.subject_code, t.category_code, t.region_code) is distinct from (s.subject_name, s.subject_code, s.category_code, s.region_code)
  then update set subject_name = s.subject_name, subject_code = s.subject_code, category_code = s.category_code, region_code = s.region_code
when not matched
  then insert (subject_key, subject_name, subject_code, category_code, region_code)
  values (s.subject_key, s.subject_name, s.subject_code, s.category_code, s.region_code);
