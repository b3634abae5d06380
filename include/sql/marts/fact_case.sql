-- Cases: references, never records.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  case_key,
  share.masked(title) as title,
  published_on,
  first_pushed_on,
  is_followed_up,
  1::bigint as case_count,
  appearance_count::bigint as appearance_count
from core.conduct_case
