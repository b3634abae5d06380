-- Grain: one referral. Key: referral_key.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.fact_referral as t
where not exists (
  select from (
    select r.referral_key, g.case_key, r.unit_code, r.referred_on, r.due_on, r.state
    from core.referral as r
    left join core.target as g on g.target_key = r.target_key
  ) as s
  where t.referral_key = s.referral_key
);

merge into marts.fact_referral as t
using (
  select r.referral_key, g.case_key, r.unit_code, r.referred_on, r.due_on, r.state
  from core.referral as r
  left join core.target as g on g.target_key = r.target_key
) as s
on t.referral_key = s.referral_key
when matched and (t.case_key, t.unit_code, t.referred_on, t.due_on, t.state) is distinct from (s.case_key, s.unit_code, s.referred_on, s.due_on, s.state)
  then update set case_key = s.case_key, unit_code = s.unit_code, referred_on = s.referred_on, due_on = s.due_on, state = s.state
when not matched
  then insert (referral_key, case_key, unit_code, referred_on, due_on, state)
  values (s.referral_key, s.case_key, s.unit_code, s.referred_on, s.due_on, s.state);
