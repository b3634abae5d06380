-- Decisions that list a subject as seriously untrustworthy, or remove it from the list.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.list_decision (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  document_no text,
  dishonesty_list_code text,
  action_code text,
  party_name text,
  party_code text,
  reason text,
  basis text,
  decided_on date,
  until_on date,
  listed_document_no text,
  authority_name text,
  authority_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A listing makes a record and a list entry; a removal ends those that it names.
select
    case action_code when 'listed' then 'listing' when 'removed' then 'delisting' end as act,
    array['list', action_code, dishonesty_list_code] as fact_parts,
    decided_on as document_on,
    case action_code when 'removed' then listed_document_no else document_no end as determination_no,
    case when upper(party_code) like '92%' then 'sole_trader' else 'legal_person' end as party_category_code,
    jsonb_build_object(
        'determination_kind', 'listing', 'catalogue_class_code', 'serious_dishonesty', 'conduct_type', dishonesty_list_code,
        'fact', reason, 'basis', basis, 'codes', array[dishonesty_list_code], 'submitted_until', until_on
    ) as content
