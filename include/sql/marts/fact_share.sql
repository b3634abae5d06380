-- Messages to the national platform as they stand.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  subject_key,
  message_key,
  kind,
  action,
  record_key,
  region_code,
  class_code as conduct_class_code,
  valid_on,
  state,
  1::bigint as message_count,
  attempt_count::bigint as attempt_count
from share.outbox
