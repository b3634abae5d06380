-- Rulings on objections.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.objection_ruling (
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
  ruling_code text,
  correction_code text,
  corrected_content text,
  fine_yuan numeric(18, 2),
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
-- A ruling answers an objection; an upheld one withdraws or corrects the record.
select
    'ruling' as act,
    array['ruling', objection_no, ruled_on::text] as fact_parts,
    objection_no as document_no,
    ruled_on as document_on,
    document_no as determination_no,
    jsonb_build_object('penalty_text', corrected_content) as content
