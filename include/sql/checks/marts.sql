-- What is counted before readers see a new version of the marts; bounds stand in include/schemas/marts.yaml.
-- Grain: one row, a column each. Reads only. Counts of big tables come from marts.freshness, which follows every written row;
-- what joins records looks at the subjects of this publication alone.
select
  abs((
    select count(*)
    from core.record as r
    inner join core.unpublished_subject as u on u.subject_key = r.subject_key
  ) - (
    select count(*)
    from marts.fact_record as f
    inner join core.unpublished_subject as u on u.subject_key = f.subject_key
  )) as records_missing,
  abs((select count(*) from core.conduct_case) - (select count(*) from marts.fact_case)) as cases_missing,
  (
    select greatest(abs(f.row_count - coalesce(u.total, 0)), abs(f.row_count - coalesce(r.total, 0)))
    from marts.freshness as f
    cross join (select sum(record_count) as total from marts.agg_record_month) as u
    cross join (select sum(record_count) as total from marts.agg_region_month) as r
    where f.table_name = 'fact_record'
  ) as records_not_summed,
  abs((select coalesce(sum(message_count), 0) from marts.agg_share_month) - (
    select row_count from marts.freshness
    where table_name = 'fact_share'
  )) as messages_not_summed,
  (
    select count(*)
    from marts.fact_record as f
    inner join core.unpublished_subject as u on u.subject_key = f.subject_key
    where not exists (select from core.subject as s where s.subject_key = u.subject_key)
  ) as subjects_missing,
  (
    select count(*)
    from (
      select distinct unit_code from marts.agg_record_month
      union
      select distinct unit_code from marts.fact_submission
    ) as f
    where not exists (select from marts.dim_department as d where d.department_code = f.unit_code)
  ) as units_unknown,
  (select count(*) from marts.dim_policy where not is_confirmed) as policies_unconfirmed
