-- The rules of policy publication_windows with their conditions typed. A condition that is absent always holds.
-- Grain and key: one rule of one period (rule_code, effective_from). Safe to re-run: only a definition.
create or replace view core.window_rule as
select
    p.rule_code,
    p.effective_from,
    p.effective_until,
    p.legal_basis,
    p.is_confirmed,
    p.body ->> 'kind' as kind,
    p.body ->> 'severity' as severity,
    case when p.body ? 'codes' then array(select jsonb_array_elements_text(p.body -> 'codes')) end as codes,
    p.body ->> 'procedure' as procedure_code,
    (p.body ->> 'fine_from_yuan')::numeric as fine_from_yuan,
    p.body ->> 'words' as words,
    coalesce((p.body ->> 'overrides')::boolean, false) as overrides,
    (p.body ->> 'minimum_months')::integer as minimum_months,
    (p.body ->> 'maximum_months')::integer as maximum_months,
    (p.body ->> 'displayed')::boolean as is_displayed,
    p.body ->> 'penalty_words' as penalty_words
from ref.policy as p
where p.policy_code = 'publication_windows';
