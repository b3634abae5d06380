-- A right stands in the credit file.
-- Grain and key: one row of evidence.intellectual_property (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'intellectual_property' as act,
    array['intellectual_property', right_code, right_no] as fact_parts,
    right_no as document_no,
    granted_on as document_on
