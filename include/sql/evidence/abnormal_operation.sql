-- The list of abnormal operations as the market regulator keeps it.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.abnormal_operation (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_name text,
  party_code text,
  party_registration_no text,
  listed_on date,
  reason text,
  authority_name text,
  authority_code text,
  document_no text,
  removed_on date,
  removal_reason text,
  remover_name text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- An entry is listed abnormal from listed_on until removed_on; it makes no record.
select
    'abnormality' as act,
    array['abnormality', listed_on::text, core.comparable(authority_name)] as fact_parts,
    coalesce(removed_on, listed_on) as document_on,
    listed_on as effective_on
