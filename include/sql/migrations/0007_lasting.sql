-- The claims look at the lasting keys of persons themselves: a Citus worker runs no function that reads a table.
-- Grain, key: none, a function goes. Safe to re-run: applied once by the migration runner, in one transaction.

drop function vault.lasting;
