-- Grain: one submitted file. Key: file_id.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.fact_submission as t
where not exists (
  select from (
    select
      file_id, unit_code, kind, data_date, state, row_count, accepted_count, quarantined_count, duplicate_count, skipped_count
    from landing.file
  ) as s
  where t.file_id = s.file_id
);

merge into marts.fact_submission as t
using (
  select
    file_id, unit_code, kind, data_date, state, row_count, accepted_count, quarantined_count, duplicate_count, skipped_count
  from landing.file
) as s
on t.file_id = s.file_id
when matched and (t.unit_code, t.kind, t.data_date, t.state, t.row_count, t.accepted_count, t.quarantined_count, t.duplicate_count, t.skipped_count) is distinct from (s.unit_code, s.kind, s.data_date, s.state, s.row_count, s.accepted_count, s.quarantined_count, s.duplicate_count, s.skipped_count)
  then update set unit_code = s.unit_code, kind = s.kind, data_date = s.data_date, state = s.state, row_count = s.row_count, accepted_count = s.accepted_count, quarantined_count = s.quarantined_count, duplicate_count = s.duplicate_count, skipped_count = s.skipped_count
when not matched
  then insert (file_id, unit_code, kind, data_date, state, row_count, accepted_count, quarantined_count, duplicate_count, skipped_count)
  values (s.file_id, s.unit_code, s.kind, s.data_date, s.state, s.row_count, s.accepted_count, s.quarantined_count, s.duplicate_count, s.skipped_count);
