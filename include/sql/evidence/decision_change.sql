-- A revocation ends the record of the decision it names, a modification corrects it.
-- Grain and key: one row of evidence.decision_change (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    case change_code when 'revoked' then 'revocation' when 'modified' then 'modification' end as act,
    array['change', core.comparable(change_document_no), core.comparable(document_no)] as fact_parts,
    change_document_no as document_no,
    changed_on as document_on,
    document_no as determination_no,
    jsonb_build_object('penalty_text', changed_content, 'codes', string_to_array(penalty_category_codes, ';')) as content
