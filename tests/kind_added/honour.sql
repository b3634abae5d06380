-- Honours that departments gave to subjects.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.

-- section: table
create table if not exists evidence.honour (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  party_name text,
  party_code text,
  honour_name text,
  awarded_on date,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- An honour stands in the subject's file.
select
    'honour' as act,
    array['honour', honour_name] as fact_parts,
    awarded_on as document_on
