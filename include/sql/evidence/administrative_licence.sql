-- A licence stands in the credit file; a revoked one says so in its status.
-- Grain and key: one row of evidence.administrative_licence (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'licence' as act,
    array['licence', core.comparable(document_no), core.comparable(authority_name)] as fact_parts,
    decided_on as document_on
