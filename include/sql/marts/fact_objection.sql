-- Objections with their clocks as of valid_on; one to a decision that nobody submitted counts with the unit that passed it on.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  e.subject_key,
  e.objection_key,
  e.record_key,
  r.region_code,
  coalesce(r.unit_code, c.unit_code) as unit_code,
  e.raised_on,
  e.due_on,
  e.ruled_on,
  e.ruling_code,
  e.state,
  1::bigint as objection_count,
  coalesce(e.due_on < coalesce(e.ruled_on, %(valid_on)s), false)::integer::bigint as overdue_count
from core.objection as e
inner join core.claim as c on c.subject_key = e.subject_key and c.claim_key = core.key('claim', e.file_id, e.row_no::text)
left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
