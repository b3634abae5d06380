-- Documents by which an authority recognises verified conduct; only after it may a record exist.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.recognition (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  document_no text,
  case_no text,
  list_code text,
  party_name text,
  party_code text,
  conduct text,
  procedure_name text,
  basis text,
  based_on_document_no text,
  catalogue_code text,
  seriousness_code text,
  disclosure_code text,
  recognised_on date,
  authority_name text,
  authority_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A recognition makes a record when a confirmed verification of the same case and party stands.
select
    'recognition' as act,
    array['recognition'] as fact_parts,
    recognised_on as document_on,
    document_no as determination_no,
    case when upper(party_code) like '92%' then 'sole_trader' else 'legal_person' end as party_category_code,
    jsonb_build_object(
        'determination_kind', 'recognition', 'catalogue_class_code', catalogue_code,
        'conduct_type', conduct, 'fact', conduct, 'basis', basis, 'codes', array[seriousness_code]
    ) as content
