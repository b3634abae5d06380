-- A training stands in the subject's file; it ends nothing by itself.
-- Grain and key: one row of evidence.repair_training (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'training' as act,
    array['training', training_no, core.comparable(document_no)] as fact_parts,
    certificate_no as document_no,
    trained_on as document_on,
    document_no as determination_no
