-- Results of verification, late against the target's due day or not.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  v.verification_key,
  v.target_key,
  v.case_key,
  v.subject_key,
  v.unit_code,
  v.verdict_code,
  v.institution_name is not null as is_by_institution,
  v.concluded_on,
  t.due_on,
  v.recognised_on,
  1::bigint as verification_count,
  (v.recognised_on is not null)::integer::bigint as recognition_count,
  coalesce(v.concluded_on > t.due_on, false)::integer::bigint as overdue_count
from core.verification as v
left join core.target as t on t.target_key = v.target_key
