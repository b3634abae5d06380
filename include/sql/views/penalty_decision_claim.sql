-- A penalty decision makes a record of kind penalty.
-- Grain and key: one row of evidence.penalty_decision (file_id, row_no). Safe to re-run: only a definition.
create or replace view evidence.penalty_decision_claim as
select
    file_id,
    row_no,
    data_date,
    'determination' as act,
    array['penalty'] as fact_parts,
    document_no,
    decided_on as document_on,
    decided_on as effective_on,
    document_no as determination_no,
    authority_name,
    authority_code,
    party_name,
    party_code,
    party_org_code,
    party_registration_no,
    party_person_token,
    party_category_code,
    region_code,
    jsonb_build_object(
        'determination_kind', 'penalty', 'catalogue_class_code', 'administrative',
        'conduct_type', violation_type_name, 'fact', violation_facts, 'basis', penalty_basis, 'penalty_text', penalty_content,
        'codes', string_to_array(concat_ws(';', penalty_category_codes, penalty_category_more_codes), ';'),
        'submitted_until', display_until_on
    ) as content,
    0 as revision,
    to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
from evidence.penalty_decision as e;
