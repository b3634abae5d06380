-- noqa: disable=all
-- The linter cannot read the place where the name of the view is put in.
-- Puts the evidence of one kind, from files not claimed yet, under the subject its own identifiers give (D2).
-- Grain: one row of evidence with a party. Key: (subject_key, claim_key). {view} is evidence.<kind>_claim.
-- Safe to re-run: a file is claimed once; keys come from the file and row. The only step that moves data between nodes.
-- What one part below computes is not computed again for each place that names it: a part that is in order, be it the order of
-- a constant, stays a part. Citus computes it on its workers, where `offset 0` would bring all rows to the coordinator.

with home as materialized (
  select province_code from ref.home
),

waiting as materialized (
  select f.file_id, f.unit_code, f.data_date, f.sequence, coalesce(u.attributes ->> 'region_code', h.province_code) as unit_place_code
  from core.standing_file as f
  cross join home as h
  left join ref.code as u on u.list_code in ('reporting_unit', 'department') and u.code = f.unit_code
  where f.kind = %(kind)s
    and not exists (select from core.claimed_file as c where c.file_id = f.file_id)
),

place as materialized (
  select region_code, unit_region_code
  from core.place
),

authority as materialized (
  select distinct on (core.comparable(label)) core.comparable(label) as name, upper(attributes ->> 'uscc') as code
  from ref.code
  where list_code = 'department' and attributes ? 'uscc'
  order by core.comparable(label), upper(attributes ->> 'uscc')
),

entitled as materialized (
  -- as of the file's day: what a unit submitted before it lost the right stands
  select w.file_id, e.region_code
  from waiting as w
  inner join core.entitlement as e
    on e.holder_code = w.unit_code and w.data_date >= e.effective_from and w.data_date <= e.effective_until
  where e.kind = %(kind)s
),

known as (
  select
    e.*, w.unit_code, w.sequence,
    upper(e.party_code) as uscc,
    upper(translate(e.party_org_code, '- ', '')) as org_code,
    core.comparable(e.determination_no) as document_key,
    coalesce(upper(e.authority_code), a.code) as known_authority_code,
    coalesce(upper(e.authority_code), a.code, core.comparable(e.authority_name)) as authority_key,
    coalesce(p.person_key, e.party_person_token) as person_key,
    coalesce(nullif(e.region_code, ''), w.unit_place_code) as place_code,
    -- a new key of the tokens is no new content: persons stand by their lasting keys, and only where a text names them
    (jsonb_strip_nulls(e.fields) - array['party_person_token', 'legal_representative_token']) || jsonb_strip_nulls(e.content) as stated
  from waiting as w
  inner join {view} as e on e.file_id = w.file_id
  -- a row that states the authority's code needs no look at its name
  left join authority as a on a.name = case when e.authority_code is null then core.comparable(e.authority_name) end
  left join vault.person_alias as p on p.token = e.party_person_token
  where e.party_name is not null
  order by null::text
),

worded as (
  select k.*, k.stated::text as stated_text
  from known as k
  order by null::text
),

told as (
  select
    k.*,
    strpos(k.stated_text, 'pid') > 0 as names_person,
    case
      when k.party_category_code = 'natural_person' then 'person'
      when k.uscc is not null then 'uscc'
      when k.org_code is not null then 'org_code'
      when k.party_registration_no is not null then 'registration_no'
      else 'name'
    end as party_scheme,
    -- of a code that is not, or no longer, a division's, the first four digits say the prefecture (GB/T 2260)
    coalesce(p.unit_region_code, substr(k.place_code, 1, 4) || '00') as prefecture_code
  from worded as k
  left join place as p on p.region_code = k.place_code
  order by null::text
),

bodied as (
  select
    t.*,
    case t.party_scheme
      when 'person' then core.key('person', coalesce(t.person_key, core.key(core.comparable(t.party_name), t.document_key)))
      when 'uscc' then core.key('uscc', t.uscc)
      when 'org_code' then core.key('org_code', t.org_code)
      when 'registration_no' then core.key('registration_no', t.party_registration_no)
      else core.key('name', core.comparable(t.party_name), t.prefecture_code)
    end as candidate_key,
    case when t.names_person then (
      -- each token gives way to the lasting key of its person
      select string_agg(p.part[1] || coalesce(a.person_key, p.part[2]), '' order by p.place)
      from regexp_matches(t.stated_text, '(.*?)(pid[0-9A-Za-z]*-[0-9a-f]{{32}}|$)', 'g') with ordinality as p (part, place)
      left join vault.person_alias as a on a.token = p.part[2]
    )::jsonb else t.stated end as body
  from told as t
  order by null::text
)

insert into core.claim (
  subject_key, claim_key, candidate_key, party_scheme, kind, act, fact_key, document_key, authority_key,
  document_no, document_on, effective_on, authority_name, authority_code,
  party_name, party_code, party_org_code, party_registration_no, party_category_code, region_code,
  unit_code, is_entitled, data_date, revision, sequence, content_hash, file_id, row_no, body, known_at
)
select
  k.candidate_key,
  core.key('claim', k.file_id, k.row_no::text),
  k.candidate_key,
  k.party_scheme,
  %(kind)s,
  k.act,
  core.key(variadic k.fact_parts || case
    when k.content ? 'determination_kind' then array[k.document_key, k.authority_key] else '{{}}'
  end),
  k.document_key,
  k.authority_key,
  k.document_no, k.document_on, k.effective_on, k.authority_name, k.known_authority_code,
  k.party_name, k.uscc, k.org_code, k.party_registration_no, k.party_category_code,
  k.prefecture_code,
  k.unit_code,
  (k.file_id, k.prefecture_code) in (select * from entitled)
  or (k.file_id, (select province_code from home)) in (select * from entitled),
  k.data_date, k.revision, k.sequence,
  encode(sha256(convert_to(case when k.names_person then k.body::text else k.stated_text end, 'UTF8')), 'hex'),
  k.file_id, k.row_no, k.body, %(known_at)s
from bodied as k
on conflict (subject_key, claim_key) do nothing;
