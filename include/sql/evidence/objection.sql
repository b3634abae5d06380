-- Objections of subjects against what is recorded about them.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.objection (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  objection_no text,
  party_name text,
  party_code text,
  document_no text,
  authority_name text,
  authority_code text,
  scope_code text,
  statement text,
  filed_on date,
  received_by_name text,
  received_by_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- An objection flags the record of the decision it names.
select
    'objection' as act,
    array['objection', objection_no] as fact_parts,
    objection_no as document_no,
    filed_on as document_on,
    document_no as determination_no
