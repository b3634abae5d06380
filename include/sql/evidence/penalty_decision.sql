-- Administrative penalty decisions as departments publish them within seven working days.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.penalty_decision (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  document_no text,
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
  penalty_name text,
  violation_type_name text,
  violation_facts text,
  penalty_basis text,
  penalty_category_codes text,
  penalty_category_more_codes text,
  penalty_content text,
  fine_yuan numeric(18, 2),
  confiscated_yuan numeric(18, 2),
  suspended_licence_name text,
  decided_on date,
  valid_until_on date,
  display_until_on date,
  authority_name text,
  authority_code text,
  source_name text,
  source_code text,
  procedure_code text,
  status_code text,
  region_code text,
  updated_on date,
  case_name text,
  display_period_name text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A penalty decision makes a record of kind penalty.
select
    'determination' as act,
    array['penalty'] as fact_parts,
    decided_on as document_on,
    document_no as determination_no,
    jsonb_build_object(
        'determination_kind', 'penalty', 'catalogue_class_code', 'administrative',
        'conduct_type', violation_type_name, 'fact', violation_facts, 'basis', penalty_basis, 'penalty_text', penalty_content,
        'codes', string_to_array(concat_ws(';', penalty_category_codes, penalty_category_more_codes), ';'),
        'submitted_until', display_until_on
    ) as content
