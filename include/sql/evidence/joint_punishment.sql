-- A measure refers to the determination it follows from; later feedback is the same fact with a later date. That it is lifted counts from
-- the day it is told, whatever day of feedback the row repeats or leaves out.
-- Grain and key: one row of evidence.joint_punishment (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'punishment' as act,
    array['punishment', measure_no, coalesce(executor_code, executor_name)] as fact_parts,
    measure_no as document_no,
    case when state_code = 'lifted' then data_date else coalesce(fed_back_on, executed_on) end as document_on,
    executed_on as effective_on,
    document_no as determination_no
