-- How many targets, referrals and verifications there are. Grain: one row. Safe to re-run: reads only.
select
    (select count(*) from core.target) as target_count,
    (select count(*) from core.referral) as referral_count,
    (select count(*) from core.verification) as verification_count;
