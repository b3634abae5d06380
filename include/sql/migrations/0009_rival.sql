-- Decisions that are told of one party under two codes: until it is settled whose they are, the doubtful record stays inside.
-- Grain, key: core_next.rival: one claim that another subject's claim contradicts. Safe to re-run: applied once by the migration
-- runner, in one transaction.

create unlogged table core_next.rival (
  subject_key text not null,
  claim_key text not null,
  party_key text not null,
  primary key (subject_key, claim_key)
);
comment on table core_next.rival is 'Claims of one decision about a party of one name under different codes (core/rival).';
comment on column core_next.rival.party_key is 'One party of one decision, by the names of both and the authority.';
create index on core.record (subject_key) where 'code_in_doubt' = any(hold_codes);
grant select, insert, truncate on core_next.rival to records_builder;
