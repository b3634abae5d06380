-- Targets handed to units, with the day their verification was concluded.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  r.referral_key,
  r.target_key,
  t.case_key,
  r.unit_code,
  t.trigger_code,
  r.reason,
  r.referred_on,
  r.due_on,
  r.due_basis,
  v.concluded_on,
  r.state,
  1::bigint as referral_count,
  (r.due_on < coalesce(v.concluded_on, %(valid_on)s))::integer::bigint as overdue_count
from core.referral as r
inner join core.target as t on t.target_key = r.target_key
left join lateral (
  select min(c.concluded_on) as concluded_on
  from core.verification as c
  where c.target_key = r.target_key
) as v on true
