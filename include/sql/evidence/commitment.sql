-- Public promises of subjects and whether they are kept.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.commitment (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_name text,
  party_code text,
  commitment_type_code text,
  subject_matter text,
  statement text,
  committed_on date,
  accepted_by_name text,
  accepted_by_code text,
  fulfilment_code text,
  document_no text,
  authority_code text,
  is_public boolean,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A commitment stands in the subject's file; it ends nothing by itself.
select
    'commitment' as act,
    array['commitment', commitment_type_code, committed_on::text, core.comparable(document_no)] as fact_parts,
    committed_on as document_on,
    document_no as determination_no
