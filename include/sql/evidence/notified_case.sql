-- Cases that departments notify: the third trigger of verification.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.notified_case (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  case_no text,
  notice_no text,
  case_title text,
  region_text text,
  party_name text,
  party_code text,
  facts text,
  authority_name text,
  authority_code text,
  notified_on date,
  industry_name text,
  handling_opinion text,
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A notified case is a reference, never a record (A6).
select
    'notification' as act,
    array['notification', case_no] as fact_parts,
    notice_no as document_no,
    notified_on as document_on
