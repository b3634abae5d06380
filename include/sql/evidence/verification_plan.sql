-- A plan says nothing against a subject; the targets read it (C1).
-- Grain and key: one row of evidence.verification_plan (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'plan' as act,
    array['plan', list_code, case_no, lead_name] as fact_parts,
    planned_on as document_on
