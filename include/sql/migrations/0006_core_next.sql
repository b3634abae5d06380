-- What a build made for the touched subjects: read by it alone, and made anew by the next one (decision 12).
-- Grain, key: those of the table of core of the same name; record_law: one record. Nobody else reads it, nothing is lost with it.
-- Safe to re-run: applied once by the migration runner, in one transaction.

create schema core_next;
create unlogged table core_next.subject (like core.subject);
create unlogged table core_next.subject_identifier (like core.subject_identifier);
create unlogged table core_next.standing_claim (like core.standing_claim);
create unlogged table core_next.determination (like core.determination);
create unlogged table core_next.record_hold (like core.record_hold);
create unlogged table core_next.record (like core.record);
create unlogged table core_next.record_law (like core.record_law including indexes);
comment on table core_next.record_law is 'Content after corrections and the publication window that the law of the document''s date gives it.';
drop table core.record_law; -- for all records; a build makes what it needs of it

grant usage on schema core_next to records_builder;
grant select, insert, truncate on all tables in schema core_next to records_builder;
