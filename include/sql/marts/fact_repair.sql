-- Repair rulings and whether the law let them act.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  e.subject_key,
  e.repair_key,
  e.record_key,
  r.region_code,
  r.unit_code,
  e.ruled_on,
  e.state,
  1::bigint as repair_count
from core.unpublished_subject as u
inner join core.repair as e on e.subject_key = u.subject_key
left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
