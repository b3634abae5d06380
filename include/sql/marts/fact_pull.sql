-- Pulls from the platform: complete or not, and what they brought.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  pull_id,
  feed,
  data_date,
  state,
  reason,
  1::bigint as pull_count,
  page_count::bigint as page_count,
  row_count::bigint as row_count,
  expected_count::bigint as expected_count
from landing.pull
