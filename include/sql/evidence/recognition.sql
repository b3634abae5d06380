-- A recognition makes a record when a confirmed verification of the same case and party stands.
-- Grain and key: one row of evidence.recognition (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'recognition' as act,
    array['recognition'] as fact_parts,
    recognised_on as document_on,
    document_no as determination_no,
    case when upper(party_code) like '92%' then 'sole_trader' else 'legal_person' end as party_category_code,
    jsonb_build_object(
        'determination_kind', 'recognition', 'catalogue_class_code', catalogue_code,
        'conduct_type', conduct, 'fact', conduct, 'basis', basis, 'codes', array[seriousness_code]
    ) as content
