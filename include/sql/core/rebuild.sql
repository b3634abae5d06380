-- Throws away what the fold derives, so that the next build makes it again from evidence. Versions, decisions and rekeys stay.
-- Grain: whole tables. Safe to re-run: an empty table is emptied again.
-- Truncated, since rows deleted here lie beside the new ones until the end, their room stays in tables and indexes ever after, and
-- each new key looks its old row up. Whoever else reads these tables waits for the end of the build, as publications do.
insert into core.unpublished_subject (subject_key)
select subject_key from core.subject
on conflict (subject_key) do nothing;
truncate core.digest_sum, core.claimed_file, core.touched_subject, core.claim, core.subject, core.subject_identifier;
truncate core.name_index, core.name_form, core.standing_claim, core.record_event, core.objection, core.repair, core.record;
truncate core.list_entry;
-- What a transaction has emptied once gives its room back at once when it is emptied again.
truncate core_next.subject, core_next.subject_identifier, core_next.standing_claim, core_next.determination, core_next.record_hold;
truncate core_next.record, core_next.record_law, core_next.issue;
delete from ops.issue
where subject_key is not null;
