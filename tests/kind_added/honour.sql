-- An honour stands in the subject's file.
-- Grain and key: one row of evidence.honour (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'honour' as act,
    array['honour', honour_name] as fact_parts,
    awarded_on as document_on
