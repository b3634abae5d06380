-- A granted repair ends the record of the decision it names.
-- Grain and key: one row of evidence.repair_ruling (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.repair_ruling_claim as
select
    file_id,
    row_no,
    data_date,
    'repair' as act,
    array['repair', core.comparable(ruling_document_no), core.comparable(document_no)] as fact_parts,
    ruling_document_no as document_no,
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
    '{}'::jsonb as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.repair_ruling as e;
