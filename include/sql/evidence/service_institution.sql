-- The register of credit-service institutions that may help to verify clear and simple cases.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.service_institution (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  institution_name text,
  short_name text,
  institution_code text,
  register_no text,
  registered_on date,
  valid_until_on date,
  status_code text,
  registrar_name text,
  registrar_code text,
  scope_name text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);
