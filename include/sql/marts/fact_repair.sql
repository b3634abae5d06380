-- Repair rulings and whether the law let them act; one on a decision that nobody submitted stands with the unit that passed it on.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  e.subject_key,
  e.repair_key,
  e.record_key,
  r.region_code,
  coalesce(r.unit_code, c.unit_code) as unit_code,
  e.ruled_on,
  e.state,
  1::bigint as repair_count
from core.unpublished_subject as u
inner join core.repair as e on e.subject_key = u.subject_key
inner join core.claim as c on c.subject_key = e.subject_key and c.claim_key = core.key('claim', e.file_id, e.row_no::text)
left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
