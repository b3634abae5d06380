-- The registry says which names and codes a subject bears.
-- Grain and key: one row of evidence.registry_extract (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'registration' as act,
    array['registration'] as fact_parts,
    coalesce(approved_on, established_on) as document_on,
    jsonb_build_object('former_names', regexp_split_to_array(former_names, '[、,，;；]')) as content
