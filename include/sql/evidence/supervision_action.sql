-- Supervision of subjects: interviews, rectification orders, closer inspection.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.supervision_action (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  action_no text,
  action_code text,
  party_name text,
  party_code text,
  case_no text,
  list_code text,
  authority_name text,
  authority_code text,
  document_no text,
  started_on date,
  due_on date,
  measure text,
  inspection_per_year integer,
  outcome_code text,
  finished_on date,
  outcome text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- Supervision acts on the subject, not on a record; how it ended comes as a later row with the same number.
select
    'supervision' as act,
    array['supervision', core.comparable(action_no), action_code] as fact_parts,
    action_no as document_no,
    started_on as document_on,
    document_no as determination_no
