-- Patents, trade marks, copyrights and the like that a subject holds.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.intellectual_property (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_name text,
  party_code text,
  right_code text,
  right_no text,
  right_name text,
  applied_on date,
  granted_on date,
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
-- A right stands in the credit file.
select
    'intellectual_property' as act,
    array['intellectual_property', right_code, right_no] as fact_parts,
    right_no as document_no,
    granted_on as document_on
