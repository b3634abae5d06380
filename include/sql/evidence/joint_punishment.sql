-- Joint-punishment measures with the feedback of the department that carried them out.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.joint_punishment (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  measure_no text,
  party_name text,
  party_code text,
  field_name text,
  cause text,
  legal_basis text,
  measure text,
  document_no text,
  document_on date,
  authority_name text,
  authority_code text,
  requester_name text,
  requester_code text,
  executor_name text,
  executor_code text,
  executed_on date,
  until_on date,
  state_code text,
  feedback text,
  fed_back_on date,
  is_public boolean,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A measure refers to the determination it follows from; later feedback is the same fact with a later date.
select
    'punishment' as act,
    array['punishment', measure_no, coalesce(executor_code, executor_name)] as fact_parts,
    measure_no as document_no,
    coalesce(fed_back_on, executed_on) as document_on,
    executed_on as effective_on,
    document_no as determination_no
