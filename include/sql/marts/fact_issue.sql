-- Grain: one kind of issue of one unit, kind and data date. Key: unit_code, kind, data_date, issue_code, severity, responsibility.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.fact_issue as t
where not exists (
  select from (
    select
      f.unit_code, coalesce(f.kind, 'unknown') as kind, f.data_date, i.issue_code, i.severity, i.responsibility,
      count(*)::integer as issue_count
    from ops.issue as i
    inner join landing.file as f on f.file_id = i.file_id
    group by f.unit_code, coalesce(f.kind, 'unknown'), f.data_date, i.issue_code, i.severity, i.responsibility
  ) as s
  where t.unit_code = s.unit_code and t.kind = s.kind and t.data_date = s.data_date and t.issue_code = s.issue_code and t.severity = s.severity and t.responsibility = s.responsibility
);

merge into marts.fact_issue as t
using (
  select
    f.unit_code, coalesce(f.kind, 'unknown') as kind, f.data_date, i.issue_code, i.severity, i.responsibility,
    count(*)::integer as issue_count
  from ops.issue as i
  inner join landing.file as f on f.file_id = i.file_id
  group by f.unit_code, coalesce(f.kind, 'unknown'), f.data_date, i.issue_code, i.severity, i.responsibility
) as s
on t.unit_code = s.unit_code and t.kind = s.kind and t.data_date = s.data_date and t.issue_code = s.issue_code and t.severity = s.severity and t.responsibility = s.responsibility
when matched and (t.issue_count) is distinct from (s.issue_count)
  then update set issue_count = s.issue_count
when not matched
  then insert (unit_code, kind, data_date, issue_code, severity, responsibility, issue_count)
  values (s.unit_code, s.kind, s.data_date, s.issue_code, s.severity, s.responsibility, s.issue_count);
