-- A correction may state the amount that is confiscated; what a build makes of it stands beside the fine.
-- Grain, key: core_next.record_law as it was. Safe to re-run: applied once by the migration runner, in one transaction.

alter table core_next.record_law add column confiscated_yuan numeric(18, 2);
