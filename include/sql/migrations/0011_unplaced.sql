-- Acts on a decision whose party is told under another code, or none: until it is settled whom they mean, the records stay inside.
-- Grain, key: core_next.unplaced: one claim, of such an act or of a decision it may mean. Safe to re-run: applied once by the
-- migration runner, in one transaction.

create unlogged table core_next.unplaced (
  subject_key text not null,
  claim_key text not null,
  primary key (subject_key, claim_key)
);
comment on table core_next.unplaced is 'Acts that may mean a record of another subject, and the claims of those records (core/unplaced).';
create index on ops.issue (subject_key) where issue_code = 'act_unplaced';
grant select, insert, truncate on core_next.unplaced to records_builder;
