-- Bankruptcy reorganisation: records of the subject are shielded while the plan runs.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.reorganisation_shield (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  document_no text,
  party_name text,
  party_code text,
  authority_name text,
  authority_code text,
  approved_on date,
  shielded_on date,
  until_on date,
  applicant_name text,
  applicant_code text,
  reason text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- Shields every record of the subject from effective_on to until_on; an earlier end is the same ruling with another until_on.
select
    'shielding' as act,
    array['shielding', core.comparable(document_no)] as fact_parts,
    approved_on as document_on,
    shielded_on as effective_on
