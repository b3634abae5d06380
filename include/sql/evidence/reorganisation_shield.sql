-- Shields every record of the subject from effective_on to until_on; an earlier end is the same ruling with another until_on.
-- Grain and key: one row of evidence.reorganisation_shield (file_id, row_no). Safe to re-run: part of a definition, see ../claim_view.sql.
select
    'shielding' as act,
    array['shielding', core.comparable(document_no)] as fact_parts,
    approved_on as document_on,
    shielded_on as effective_on
