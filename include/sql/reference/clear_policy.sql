-- Grain: one policy. Safe to re-run: the policy is loaded again in the same transaction.
delete from ref.policy
where policy_code = %(policy_code)s;
