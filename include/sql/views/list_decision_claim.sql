-- A listing makes a record and a list entry; a removal ends those that it names.
-- Grain and key: one row of evidence.list_decision (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.list_decision_claim as
select
    file_id,
    row_no,
    data_date,
    case action_code when 'listed' then 'listing' when 'removed' then 'delisting' end as act,
    array['list', action_code, dishonesty_list_code] as fact_parts,
    document_no,
    decided_on as document_on,
    decided_on as effective_on,
    case action_code when 'removed' then listed_document_no else document_no end as determination_no,
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
        'determination_kind', 'listing', 'catalogue_class_code', 'serious_dishonesty', 'conduct_type', dishonesty_list_code,
        'fact', reason, 'basis', basis, 'codes', array[dishonesty_list_code], 'submitted_until', until_on
    ) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.list_decision as e;
