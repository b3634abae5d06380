-- noqa: disable=all
-- The linter cannot read the places where the names and the kind's own columns are put in.
-- evidence.<kind>_claim: each row of evidence as the fold takes it, with what evidence/<kind>.sql says.
-- Grain and key: one row of evidence (file_id, row_no). Safe to re-run: only a definition.
-- A column below is, in this order: what the kind's file says, the row's own column of that name, or absent. That is
-- how SQL looks up a plain name: in the innermost query first, then in those around it.
-- The one row that a kind's file reads from is for Citus, which pushes no query without FROM down to a worker.
create or replace view {view} as
select claim.*
from (
  select
    null::text as act, null::text[] as fact_parts,
    null::text as document_no, null::date as document_on, null::date as effective_on, null::text as determination_no,
    null::text as authority_name, null::text as authority_code,
    null::text as party_name, null::text as party_code, null::text as party_org_code,
    null::text as party_registration_no, null::text as party_person_token, null::text as party_category_code,
    null::text as region_code, '{{}}'::jsonb as content, 0 as revision
) as absent
cross join lateral (
  select said.*
  from {table} as e
  cross join lateral (
    select
      e.file_id, e.row_no, e.data_date,
      act, fact_parts,
      document_no, document_on, coalesce(effective_on, document_on) as effective_on, determination_no,
      authority_name, authority_code,
      party_name, party_code, party_org_code, party_registration_no, party_person_token, party_category_code,
      region_code, content, revision,
      to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at', 'business_key'] as fields
    from ({claim} from (values (1)) as one (row)) as kind
  ) as said
) as claim;
