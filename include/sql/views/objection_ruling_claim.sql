-- A ruling answers an objection; an upheld one withdraws or corrects the record.
-- Grain and key: one row of evidence.objection_ruling (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.objection_ruling_claim as
select
    file_id,
    row_no,
    data_date,
    'ruling' as act,
    array['ruling', objection_no, ruled_on::text] as fact_parts,
    objection_no as document_no,
    ruled_on as document_on,
    ruled_on as effective_on,
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
    jsonb_build_object('penalty_text', corrected_content) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.objection_ruling as e;
