-- Repair training: who attended which course, and with what result.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.repair_training (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  training_no text,
  training_name text,
  party_name text,
  party_code text,
  trained_on date,
  training_hours integer,
  organiser_name text,
  organiser_code text,
  result_code text,
  certificate_no text,
  document_no text,
  authority_name text,
  authority_code text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A training stands in the subject's file; it ends nothing by itself.
select
    'training' as act,
    array['training', training_no, core.comparable(document_no)] as fact_parts,
    certificate_no as document_no,
    trained_on as document_on,
    document_no as determination_no
