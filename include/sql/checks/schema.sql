-- What a connection and a backup need to know of the schema itself. Grain: one table, or one row. Safe to re-run: reads only.

-- section: state
-- The view is the last thing but grants that a migration makes: without it the migration did not end.
select
    version_num,
    to_regclass('share.disclosable_record') is not null as is_whole
from public.schema_version;

-- section: tables
select
    schemaname,
    tablename
from pg_tables
where schemaname in ('ops', 'landing', 'quarantine', 'vault', 'ref', 'evidence', 'core', 'share', 'marts')
order by schemaname, tablename;

-- section: inputs
-- Where a row shows that the warehouse is in use: what comes from outside and from people.
select
    schemaname,
    tablename
from pg_tables
where
    schemaname in ('landing', 'quarantine', 'vault', 'evidence')
    or (schemaname, tablename) in (('core', 'match_decision'), ('core', 'rekey'), ('share', 'publication'))
order by schemaname, tablename;
