-- Messages to the national platform as they stand.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  o.subject_key,
  o.message_key,
  o.kind,
  o.action,
  o.record_key,
  o.region_code,
  o.class_code as conduct_class_code,
  o.valid_on,
  date_trunc('month', o.valid_on)::date as month_on,
  o.state,
  1::bigint as message_count,
  o.attempt_count::bigint as attempt_count
from marts_next.told_subject as t
inner join share.outbox as o on o.subject_key = t.subject_key
