-- Results of verifying a pushed case or another target, with verdict and facts.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.verification_result (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  case_no text,
  list_code text,
  case_title text,
  party_name text,
  party_code text,
  verifier_name text,
  verifier_code text,
  method_codes text,
  verified_on date,
  verdict_code text,
  facts text,
  cause text,
  clarification text,
  clarification_release_code text,
  determination_document_no text,
  determination_authority_name text,
  determination_authority_code text,
  determined_on date,
  service_institution_name text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A verification makes no record; it names the case and, where there is one, the decision that settled it.
select
    'verification' as act,
    array['verification', list_code, case_no, verifier_name] as fact_parts,
    determination_document_no as document_no,
    verified_on as document_on,
    determination_document_no as determination_no,
    determination_authority_name as authority_name,
    determination_authority_code as authority_code
