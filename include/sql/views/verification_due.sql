-- Until when a target that was opened or handed over on a day has to be verified, unless its plan says otherwise (A5).
-- Grain: one row, none where no policy or calendar reaches. Safe to re-run: only a definition.
-- In PL/pgSQL since Citus plans no SQL function that reads a table it keeps.
create or replace function core.verification_due(opened_on date)
returns table (due_on date, due_basis text)
language plpgsql stable parallel safe as $$
begin
    return query
    select
        d.due_on,
        d.due_basis
    from ref.policy as p
    cross join lateral core.due_day(opened_on, (p.body ->> 'working_days')::integer) as d
    where
        p.policy_code = 'referral' and p.rule_code = 'verification'
        and p.effective_from <= opened_on and (p.effective_until is null or p.effective_until >= opened_on);
end;
$$;
