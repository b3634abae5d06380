-- Shields that stand: a reorganisation plan, for as long as its ruling says (D5). Whoever may not submit it shields nobody (B1).
-- Grain and key: one ruling about one subject (subject_key, claim_key). Safe to re-run: only a definition.
create or replace view core.shield as
select
    c.subject_key,
    c.claim_key,
    c.document_no,
    c.effective_on,
    coalesce((c.body ->> 'until_on')::date, 'infinity') as until_on,
    c.file_id,
    c.row_no
from core.claim as c
inner join core.standing_claim as s on c.subject_key = s.subject_key and c.claim_key = s.claim_key
where c.act = 'shielding' and c.is_entitled;
