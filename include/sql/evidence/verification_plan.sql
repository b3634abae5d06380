-- Verification plans: who verifies which target, how, with whose help, until when.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.verification_plan (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  case_no text,
  list_code text,
  case_title text,
  party_name text,
  party_code text,
  lead_name text,
  lead_code text,
  method_codes text,
  complexity_code text,
  service_institution_name text,
  planned_on date,
  due_on date,
  steps text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A plan says nothing against a subject; the targets read it (C1).
select
    'plan' as act,
    array['plan', list_code, case_no, lead_name] as fact_parts,
    planned_on as document_on
