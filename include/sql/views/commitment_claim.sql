-- A commitment stands in the subject's file; it ends nothing by itself.
-- Grain and key: one row of evidence.commitment (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.commitment_claim as
select
    file_id,
    row_no,
    data_date,
    'commitment' as act,
    array['commitment', commitment_type_code, committed_on::text, core.comparable(document_no)] as fact_parts,
    document_no,
    committed_on as document_on,
    committed_on as effective_on,
    document_no as determination_no,
    null::text as authority_name,
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
from evidence.commitment as e;
