-- A key is computed about eight times for each row that a build reads.
-- Safe to re-run: applied once by the migration runner, in one transaction.

-- The planner puts the body of a function in the place of its call only where the function promises no more than its body does, and
-- array_to_string and convert_to are stable: called, a key takes three times as long.
alter function core.key(variadic text[]) stable;
