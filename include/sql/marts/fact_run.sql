-- Runs of builds and publications before this one.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  run_id,
  flow,
  data_date,
  valid_on,
  known_at,
  state,
  reason,
  1::bigint as run_count
from ops.run
