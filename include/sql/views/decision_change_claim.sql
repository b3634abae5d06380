-- A revocation ends the record of the decision it names, a modification corrects it.
-- Grain and key: one row of evidence.decision_change (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.decision_change_claim as
select
    file_id,
    row_no,
    data_date,
    case change_code when 'revoked' then 'revocation' when 'modified' then 'modification' end as act,
    array['change', core.comparable(change_document_no), core.comparable(document_no)] as fact_parts,
    change_document_no as document_no,
    changed_on as document_on,
    changed_on as effective_on,
    document_no as determination_no,
    authority_name,
    authority_code,
    party_name,
    party_code,
    null::text as party_org_code,
    null::text as party_registration_no,
    null::text as party_person_token,
    null::text as party_category_code,
    null::text as region_code,
    jsonb_build_object('penalty_text', changed_content) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.decision_change as e;
