-- A recognition makes a record when a confirmed verification of the same case and party stands.
-- Grain and key: one row of evidence.recognition (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.recognition_claim as
select
    file_id,
    row_no,
    data_date,
    'recognition' as act,
    array['recognition'] as fact_parts,
    document_no,
    recognised_on as document_on,
    recognised_on as effective_on,
    document_no as determination_no,
    authority_name,
    authority_code,
    party_name,
    party_code,
    null::text as party_org_code,
    null::text as party_registration_no,
    null::text as party_person_token,
    case when upper(party_code) like '92%' then 'sole_trader' else 'legal_person' end as party_category_code,
    null::text as region_code,
    jsonb_build_object(
        'determination_kind', 'recognition', 'catalogue_class_code', catalogue_code,
        'conduct_type', conduct, 'fact', conduct, 'basis', basis, 'codes', array[seriousness_code]
    ) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.recognition as e;
