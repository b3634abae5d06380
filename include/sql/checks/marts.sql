-- What must hold before readers see a new version: one row per violated bound. Grain: one check. Reads only.
select check_name, found, bound
from (
  values
  ('fact_record has every record', (select count(*) from marts.fact_record), (select count(*) from core.record)),
  ('fact_case has every case', (select count(*) from marts.fact_case), (select count(*) from core.conduct_case)),
  ('every record has its subject or a natural person', (
    select count(*)
    from marts.fact_record as f
    inner join core.subject as s on s.subject_key = f.subject_key
  ), (select count(*) from marts.fact_record)),
  ('dim_region is loaded', least((select count(*) from marts.dim_region), 1), 1),
  ('dim_date is loaded', least((select count(*) from marts.dim_date), 1), 1)
) as checks (check_name, found, bound)
where found <> bound;
