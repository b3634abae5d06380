-- A ruling answers an objection to one decision; an upheld one withdraws or corrects the record. Each unit numbers its own objections.
-- Grain and key: one row of evidence.objection_ruling (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'ruling' as act,
    array['ruling', objection_no, ruled_on::text, core.comparable(ruled_by_name), core.comparable(document_no)] as fact_parts,
    objection_no as document_no,
    ruled_on as document_on,
    document_no as determination_no,
    jsonb_build_object('penalty_text', corrected_content, 'codes', string_to_array(penalty_category_codes, ';')) as content
