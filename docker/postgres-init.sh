#!/usr/bin/env bash
# Runs once, when the server's folder is empty: two databases, two owners.
set -euo pipefail
psql --username postgres --set ON_ERROR_STOP=1 \
  --set airflow_password="$AIRFLOW_DB_PASSWORD" --set warehouse_password="$WAREHOUSE_DB_PASSWORD" <<'SQL'
create role airflow login password :'airflow_password';
create database airflow owner airflow;
revoke connect on database airflow from public;
create role records_app login createrole password :'warehouse_password';
create database warehouse owner records_app;
\c warehouse
create extension pg_trgm;
SQL
