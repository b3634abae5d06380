-- A qualification stands in the credit file.
-- Grain and key: one row of evidence.qualification (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'qualification' as act,
    array['qualification', core.comparable(authority_name), certificate_no] as fact_parts,
    certificate_no as document_no,
    issued_on as document_on
