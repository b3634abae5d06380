-- A verification makes no record; it names the case and, where there is one, the decision that settled it.
-- Grain and key: one row of evidence.verification_result (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.verification_result_claim as
select
    file_id,
    row_no,
    data_date,
    'verification' as act,
    array['verification', list_code, case_no, verifier_name] as fact_parts,
    determination_document_no as document_no,
    verified_on as document_on,
    verified_on as effective_on,
    determination_document_no as determination_no,
    determination_authority_name as authority_name,
    determination_authority_code as authority_code,
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
from evidence.verification_result as e;
