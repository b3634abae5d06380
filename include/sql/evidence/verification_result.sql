-- A verification makes no record; it names the case and, where there is one, the decision that settled it.
-- Grain and key: one row of evidence.verification_result (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'verification' as act,
    array['verification', list_code, case_no, verifier_name] as fact_parts,
    determination_document_no as document_no,
    verified_on as document_on,
    determination_document_no as determination_no,
    determination_authority_name as authority_name,
    determination_authority_code as authority_code
