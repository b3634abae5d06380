-- Entries of the two lists, with the place and submitter of their record.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  e.subject_key,
  e.entry_key,
  e.list_code,
  e.industry_code,
  e.record_key,
  r.region_code,
  r.unit_code,
  e.listed_on,
  e.removed_on,
  e.display_until,
  e.state,
  share.masked(e.entry_reason) as entry_reason,
  e.exit_reason,
  1::bigint as entry_count
from core.unpublished_subject as u
inner join core.list_entry as e on e.subject_key = u.subject_key
left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
