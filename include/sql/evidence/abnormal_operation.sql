-- An entry is listed abnormal from listed_on until removed_on; it makes no record.
-- Grain and key: one row of evidence.abnormal_operation (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'abnormality' as act,
    array['abnormality', listed_on::text, core.comparable(authority_name)] as fact_parts,
    coalesce(removed_on, listed_on) as document_on,
    listed_on as effective_on
