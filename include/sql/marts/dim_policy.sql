-- The dated rules that records, clocks, lists and scorecards rest on.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select policy_code, rule_code, effective_from, effective_until, legal_basis, is_confirmed, body
from ref.policy
