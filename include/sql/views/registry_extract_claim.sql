-- The registry says which names and codes a subject bears.
-- Grain and key: one row of evidence.registry_extract (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.registry_extract_claim as
select
    file_id,
    row_no,
    data_date,
    'registration' as act,
    array['registration'] as fact_parts,
    null::text as document_no,
    coalesce(approved_on, established_on) as document_on,
    coalesce(approved_on, established_on) as effective_on,
    null::text as determination_no,
    authority_name,
    authority_code,
    party_name,
    party_code,
    party_org_code,
    party_registration_no,
    null::text as party_person_token,
    null::text as party_category_code,
    region_code,
    jsonb_build_object('former_names', regexp_split_to_array(former_names, '[、,，;；]')) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.registry_extract as e;
