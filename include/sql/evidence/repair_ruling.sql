-- A granted repair ends the record of the decision it names.
-- Grain and key: one row of evidence.repair_ruling (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'repair' as act,
    array['repair', core.comparable(ruling_document_no), core.comparable(document_no)] as fact_parts,
    ruling_document_no as document_no,
    ruled_on as document_on,
    document_no as determination_no
