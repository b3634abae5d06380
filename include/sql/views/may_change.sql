-- Whether a claim would change or end the record that it acts on, were it to stand: a refusal changes nothing, an objection flags.
-- Grain: one claim. Safe to re-run: only a definition.
create or replace function core.may_change(act text, body jsonb)
returns boolean
language sql immutable parallel safe
return act in ('modification', 'revocation', 'delisting')
    or (act = 'determination' and body ->> 'status_code' = 'revoked')
    or (act = 'repair' and body ->> 'ruling_code' = 'granted')
    or (
        act = 'ruling' and body ->> 'correction_code' in ('withdraw', 'correct')
        and body ->> 'ruling_code' in ('upheld', 'partly_upheld')
    );
