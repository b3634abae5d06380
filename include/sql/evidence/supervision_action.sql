-- Supervision acts on the subject, not on a record; how it ended comes as a later row with the same number.
-- Grain and key: one row of evidence.supervision_action (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'supervision' as act,
    array['supervision', core.comparable(action_no), action_code] as fact_parts,
    action_no as document_no,
    started_on as document_on,
    document_no as determination_no
