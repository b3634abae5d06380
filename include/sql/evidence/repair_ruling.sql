-- Rulings on applications for credit repair.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.repair_ruling (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  ruling_document_no text,
  application_no text,
  document_no text,
  authority_name text,
  authority_code text,
  party_name text,
  party_code text,
  applied_on date,
  fulfilled_on date,
  committed_on date,
  trained_on date,
  ruling_code text,
  ruled_on date,
  ruled_by_name text,
  ruled_by_code text,
  reason text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A granted repair ends the record of the decision it names.
select
    'repair' as act,
    array['repair', core.comparable(ruling_document_no), core.comparable(document_no)] as fact_parts,
    ruling_document_no as document_no,
    ruled_on as document_on,
    document_no as determination_no
