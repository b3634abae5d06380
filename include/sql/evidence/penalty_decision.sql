-- A penalty decision makes a record of kind penalty.
-- Grain and key: one row of evidence.penalty_decision (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'determination' as act,
    array['penalty'] as fact_parts,
    decided_on as document_on,
    document_no as determination_no,
    -- The template of 2017 has no category. An id without a credit code is a person's; so may be a mere name of four characters,
    -- which is kept inside as a person's until the category is stated (category_assumed: an issue asks for it).
    coalesce(party_category_code, case
        when upper(party_code) like '92%' then 'sole_trader'
        when party_code is not null then 'legal_person'
        when party_person_token is not null then 'natural_person'
        when coalesce(party_org_code, party_registration_no) is null and length(party_name) <= 4 then 'natural_person'
        else 'legal_person'
    end) as party_category_code,
    jsonb_build_object(
        'category_assumed', case
            when coalesce(party_category_code, party_code, party_person_token, party_org_code, party_registration_no) is null
                and length(party_name) <= 4 then 'natural_person'
        end,
        'determination_kind', 'penalty', 'catalogue_class_code', 'administrative',
        'conduct_type', violation_type_name, 'fact', violation_facts, 'basis', penalty_basis, 'penalty_text', penalty_content,
        'codes', string_to_array(concat_ws(';', penalty_category_codes, penalty_category_more_codes), ';'),
        'submitted_until', display_until_on
    ) as content
