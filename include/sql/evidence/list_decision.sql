-- A listing makes a record and a list entry; a removal ends those that it names.
-- Grain and key: one row of evidence.list_decision (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    case action_code when 'listed' then 'listing' when 'removed' then 'delisting' end as act,
    array['list', action_code, dishonesty_list_code] as fact_parts,
    decided_on as document_on,
    case action_code when 'removed' then listed_document_no else document_no end as determination_no,
    case when upper(party_code) like '92%' then 'sole_trader' else 'legal_person' end as party_category_code,
    jsonb_build_object(
        'determination_kind', 'listing', 'catalogue_class_code', 'serious_dishonesty', 'conduct_type', dishonesty_list_code,
        'fact', reason, 'basis', basis, 'codes', array[dishonesty_list_code], 'submitted_until', until_on
    ) as content
