-- Acts on records: who submitted each and when it takes effect.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  e.subject_key,
  e.record_key,
  e.claim_key as event_key,
  e.act,
  c.effective_on as event_on,
  c.data_date as gathered_on,
  c.unit_code,
  1::bigint as event_count
from core.unpublished_subject as u
inner join core.record_event as e on e.subject_key = u.subject_key
inner join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
inner join core.claim as c on c.subject_key = e.subject_key and c.claim_key = e.claim_key
where e.act <> 'unentitled'
