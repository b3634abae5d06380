-- A decision that a unit told of one enterprise and later of another: the unit is asked, nobody is held.
-- Grain, key: core_next.rival as it was. Safe to re-run: applied once by the migration runner, in one transaction.

truncate core_next.rival;
alter table core_next.rival add column is_contradicted boolean not null, add column is_told_of_another boolean not null;
comment on table core_next.rival is 'Claims of decisions that are told of several subjects, and whether one contradicts them or went before (core/rival).';
comment on column core_next.rival.is_contradicted is 'A party of that name is told of under another code, or as a person.';
comment on column core_next.rival.is_told_of_another is 'The unit told of another enterprise on earlier days alone.';
