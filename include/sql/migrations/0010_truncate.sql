-- A rebuild empties what the fold derives at once, not row by row (core/rebuild.sql).
-- Grain, key: none, rights alone. Safe to re-run: applied once by the migration runner, in one transaction.

grant truncate on core.digest_sum, core.claimed_file, core.touched_subject, core.claim, core.subject, core.subject_identifier,
core.name_index, core.name_form, core.standing_claim, core.record_event, core.objection, core.repair, core.record,
core.list_entry to records_builder;
