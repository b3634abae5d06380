-- What was done about conduct whose recognition makes no record, since its verification denies it: it has no ground (C2, G2).
-- Grain and key: one act that names such a recognition (subject_key, claim_key). Safe to re-run: only a definition.
create or replace view core.denied_act as
select distinct
    c.subject_key,
    c.claim_key
from core.claim as c
inner join core.claim as d on c.subject_key = d.subject_key and c.document_key = d.document_key and d.act = 'recognition'
where
    c.act in ('supervision', 'punishment', 'training', 'commitment')
    and not exists (
        select from core.record as r
        where r.subject_key = d.subject_key and core.comparable(r.document_no) = d.document_key
    );
