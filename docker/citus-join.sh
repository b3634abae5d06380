#!/usr/bin/env bash
# Makes a coordinator and two workers of three servers. The coordinator logs in to its workers under the role of each step,
# so each worker needs a way to admit those roles: here by password, from the coordinator's own ~postgres/.pgpass or its
# pg_dist_authinfo (docs/operations.md).
set -euo pipefail
psql --host citus --username postgres --dbname warehouse --set ON_ERROR_STOP=1 <<'SQL'
create extension if not exists citus;
select citus_set_coordinator_host('citus', 5432);
select citus_add_node('citus-worker-1', 5432);
select citus_add_node('citus-worker-2', 5432);
SQL
