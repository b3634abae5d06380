-- A notified case is a reference, never a record (A6).
-- Grain and key: one row of evidence.notified_case (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'notification' as act,
    array['notification', case_no] as fact_parts,
    notice_no as document_no,
    notified_on as document_on
