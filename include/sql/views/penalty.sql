-- What a correction says of the penalty, as one text to compare.
-- Grain: one claim. Safe to re-run: only a definition.
create or replace function core.penalty(body jsonb)
returns text
language sql immutable parallel safe
return coalesce(body ->> 'fine_yuan', '') || '|' || coalesce(body ->> 'confiscated_yuan', '') || '|' || coalesce(body ->> 'codes', '')
    || '|' || coalesce(body ->> 'penalty_text', '');
