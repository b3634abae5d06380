-- An objection flags the record of the decision it names; one may be to several. Each unit that receives objections numbers its own.
-- Grain and key: one row of evidence.objection (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'objection' as act,
    array['objection', objection_no, core.comparable(received_by_name), core.comparable(document_no)] as fact_parts,
    objection_no as document_no,
    filed_on as document_on,
    document_no as determination_no
