-- Extracts of the registry of subjects, so that a name and a code can be told to belong together.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.registry_extract (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_code text,
  party_name text,
  party_registration_no text,
  party_org_code text,
  party_type_name text,
  legal_representative_name text,
  legal_representative_token text,
  registered_capital_yuan numeric(18, 2),
  established_on date,
  approved_on date,
  valid_until_on date,
  registration_status_code text,
  region_code text,
  address text,
  business_scope text,
  former_names text,
  head_office_code text,
  authority_name text,
  authority_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- The registry says which names and codes a subject bears.
select
    'registration' as act,
    array['registration'] as fact_parts,
    coalesce(approved_on, established_on) as document_on,
    jsonb_build_object('former_names', regexp_split_to_array(former_names, '[、,，;；]')) as content
