-- A measure refers to the determination it follows from; later feedback is the same fact with a later date.
-- Grain and key: one row of evidence.joint_punishment (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'punishment' as act,
    array['punishment', measure_no, coalesce(executor_code, executor_name)] as fact_parts,
    measure_no as document_no,
    coalesce(fed_back_on, executed_on) as document_on,
    executed_on as effective_on,
    document_no as determination_no
