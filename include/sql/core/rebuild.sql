-- Throws away what the fold derives, so that the next build makes it again from evidence. Versions, decisions and rekeys stay.
-- Grain: whole tables. Safe to re-run: an empty table is emptied again.
insert into core.unpublished_subject (subject_key)
select subject_key from core.subject
on conflict (subject_key) do nothing;
delete from core.digest_sum;
delete from core.claimed_file;
delete from core.touched_subject;
delete from core.claim;
delete from core.subject;
delete from core.subject_identifier;
delete from core.name_index;
delete from core.name_form;
delete from core.standing_claim;
delete from core.record_event;
delete from core.objection;
delete from core.repair;
delete from core.record;
delete from core.list_entry;
delete from ops.issue
where subject_key is not null;
