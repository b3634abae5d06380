#!/usr/bin/env bash
# Makes a coordinator and two workers of three servers, and lets each node speak to the others under the role of each
# step: by a password of these roles that every node keeps (pg_dist_authinfo). Doing it twice is doing it once.
set -euo pipefail
: "${CITUS_ROLE_PASSWORD:?set CITUS_ROLE_PASSWORD in .env}"
run() { psql --quiet --host "$1" --username postgres --dbname warehouse --set ON_ERROR_STOP=1 --set password="$CITUS_ROLE_PASSWORD"; }

run citus <<'SQL'
select citus_set_coordinator_host('citus', 5432);
select citus_add_node('citus-worker-1', 5432);
select citus_add_node('citus-worker-2', 5432);
SQL

for node in citus citus-worker-1 citus-worker-2; do
  run "$node" <<'SQL'
set citus.enable_ddl_propagation to off;
select format('create role %I', r) from unnest(array['records_owner', 'records_loader', 'records_builder', 'records_sharer']) as r
where not exists (select from pg_roles where rolname = r) \gexec
alter role records_owner login password :'password';
alter role records_loader login password :'password';
alter role records_builder login password :'password';
alter role records_sharer login password :'password';
delete from pg_dist_authinfo;
insert into pg_dist_authinfo (nodeid, rolename, authinfo)
select 0, r, 'password=' || :'password' from unnest(array['records_owner', 'records_loader', 'records_builder', 'records_sharer']) as r;
SQL
done
