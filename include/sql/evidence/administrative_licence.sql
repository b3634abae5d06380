-- Administrative licences: the national template of 2018 and the Wuhan template of 2017, told apart by their headers.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.administrative_licence (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  document_no text,
  document_name text,
  party_name text,
  party_category_code text,
  party_code text,
  party_registration_no text,
  party_org_code text,
  party_tax_no text,
  party_institution_no text,
  party_social_org_no text,
  legal_representative_name text,
  legal_representative_id_type_code text,
  legal_representative_token text,
  party_id_type_code text,
  party_person_token text,
  item_name text,
  licence_category_code text,
  certificate_name text,
  certificate_no text,
  licence_content text,
  decided_on date,
  valid_from_on date,
  valid_until_on date,
  authority_name text,
  authority_code text,
  source_name text,
  source_code text,
  status_code text,
  region_code text,
  updated_on date,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A licence stands in the credit file; a revoked one says so in its status.
select
    'licence' as act,
    array['licence', core.comparable(document_no), core.comparable(authority_name)] as fact_parts,
    decided_on as document_on
