-- What was done about subjects or by them: supervision, joint punishment, repair training, commitments.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  c.subject_key,
  c.fact_key as measure_key,
  c.act,
  c.region_code,
  c.unit_code,
  c.effective_on as started_on,
  c.data_date as gathered_on,
  1::bigint as measure_count
from core.unpublished_subject as u
inner join core.standing_claim as s on s.subject_key = u.subject_key
inner join core.claim as c on c.subject_key = s.subject_key and c.claim_key = s.claim_key
where c.act in ('supervision', 'punishment', 'training', 'commitment')
