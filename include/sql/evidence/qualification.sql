-- Qualifications and certificates that a subject holds.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.qualification (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_name text,
  party_code text,
  qualification_name text,
  grade_name text,
  certificate_no text,
  issued_on date,
  valid_until_on date,
  status_code text,
  authority_name text,
  authority_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A qualification stands in the credit file.
select
    'qualification' as act,
    array['qualification', core.comparable(authority_name), certificate_no] as fact_parts,
    certificate_no as document_no,
    issued_on as document_on
