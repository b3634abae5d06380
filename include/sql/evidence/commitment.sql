-- A commitment stands in the subject's file; it ends nothing by itself.
-- Grain and key: one row of evidence.commitment (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'commitment' as act,
    array['commitment', commitment_type_code, committed_on::text, core.comparable(document_no)] as fact_parts,
    committed_on as document_on,
    document_no as determination_no
