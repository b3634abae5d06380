-- Revocations and modifications of decisions submitted earlier.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: table
create table if not exists evidence.decision_change (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  change_document_no text,
  change_code text,
  document_no text,
  authority_name text,
  authority_code text,
  party_name text,
  party_code text,
  changed_on date,
  reason text,
  changed_by_name text,
  changed_by_code text,
  changed_content text,
  fine_yuan numeric(18, 2),
  remarks text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: claim
-- A revocation ends the record of the decision it names, a modification corrects it.
select
    case change_code when 'revoked' then 'revocation' when 'modified' then 'modification' end as act,
    array['change', core.comparable(change_document_no), core.comparable(document_no)] as fact_parts,
    change_document_no as document_no,
    changed_on as document_on,
    document_no as determination_no,
    jsonb_build_object('penalty_text', changed_content) as content
