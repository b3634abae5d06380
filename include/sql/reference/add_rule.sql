-- Grain: one rule and period. Key: policy_code, rule_code, effective_from. Safe to re-run: follows clear_policy.
insert into ref.policy
(policy_code, rule_code, effective_from, effective_until, body, legal_basis, is_confirmed)
values (
  %(policy_code)s, %(rule_code)s, %(effective_from)s, %(effective_until)s,
  %(body)s, %(legal_basis)s, %(is_confirmed)s
);
