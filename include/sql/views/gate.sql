-- The one gate to the outside (architecture, decision 8): what an audience may see, and nothing else may be read by an exit.
-- Grain and key: one record of one audience (audience, subject_key, record_key). Safe to re-run: only definitions.
-- A record passes when it stands (active or corrected), is of a class that the audience may see, lies inside a window whose end is
-- known, as of the latest open date, is of an identified subject and no natural person, and is not withdrawn. Masking stands here
-- and nowhere else.

-- Free text may name a person's id (or the token that took its place), or a telephone: who is meant often stands beside it
-- by name, which no rule can find, so such a text gives way as a whole. Digits of full width, numbers cut by blanks or dashes,
-- and those that were masked as they came count as well. A text without seven digits, a token and a mask is left as it is,
-- quickly. A fixed-line number goes by itself.
create or replace function share.masked(value text) returns text
  language sql immutable parallel safe
  return case
    when value !~ 'pid[0-9A-Za-z]*-[0-9a-f]{32}|(?:[0-9０-９][ -]?){7}|[0-9０-９][*]{6}' then value
    when value ~ (
      'pid[0-9A-Za-z]*-[0-9a-f]{32}'
      || '|[0-9０-９][*]{6}'
      || '|(?<![0-9A-Za-z０-９])('
      || '[1-9１-９][0-9０-９]{5}(?:1[89]|20|１[８９]|２０)[0-9０-９]{2}(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0-2０-２][0-9０-９]|[3３][01０１])[0-9０-９]{3}[0-9０-９XxＸｘ]'
      || '|[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}'
      || '|(?:(?:[+]?86)[ -]?)?[1１][3-9３-９][0-9０-９][ -]?[0-9０-９]{4}[ -]?[0-9０-９]{4}'
      || ')(?![0-9A-Za-z０-９])'
    ) then '（原文含个人信息，不予公示）'
    else regexp_replace(
      value, '(?<![0-9A-Za-z])[(（]?0[1-9][0-9]{1,2}[)）]?[ -]?[2-8][0-9]{6,7}(?![0-9A-Za-z])', '（电话已隐去）', 'g'
    )
  end;

create or replace view share.open_date as
select max(data_date) as data_date
from ops.open_date;

create or replace view share.standing_record as
select r.*
from core.record as r
inner join core.subject as s on s.subject_key = r.subject_key
cross join share.open_date as o
where r.state in ('active', 'corrected')
  and r.disclosure_class in ('public', 'government')
  and s.state = 'identified'
  and r.party_category_code <> 'natural_person'
  and (r.display_from is null or r.display_from <= greatest(r.valid_on, o.data_date))
  and r.display_until >= greatest(r.valid_on, o.data_date) -- no end stated: it doesn't pass
  and not exists (
    select from share.withdrawal as w
    where w.subject_key = r.subject_key and w.record_key = r.record_key
  );

create or replace view share.disclosable_record as
select
  a.audience,
  g.subject_key,
  g.record_key,
  g.display_until,
  g.document_on,
  g.region_code,
  g.catalogue_class_code as class_code,
  g.content,
  encode(sha256(convert_to(g.content::text, 'UTF8')), 'hex') as content_hash
from (
  select
    r.subject_key, r.record_key, r.display_until, r.document_on, r.catalogue_class_code, r.disclosure_class,
    coalesce(r.region_code, h.province_code) as region_code,
    jsonb_strip_nulls(jsonb_build_object(
      'record_key', r.record_key,
      'subject_name', share.masked(r.party_name),
      'subject_code', r.party_code,
      'document_no', r.document_no,
      'document_on', r.document_on,
      'authority_name', share.masked(r.authority_name),
      'authority_code', r.authority_code,
      'conduct_type', share.masked(coalesce(l.label, r.conduct_type)),
      'fact', share.masked(r.fact),
      'basis', share.masked(r.basis),
      'penalty_text', share.masked(r.penalty_text),
      'fine_yuan', r.fine_yuan::text,
      'confiscated_yuan', r.confiscated_yuan::text,
      'catalogue_class_code', r.catalogue_class_code,
      'region_code', coalesce(r.region_code, h.province_code),
      'severity_code', r.severity_code,
      'state', r.state,
      'is_under_objection', r.is_under_objection,
      'display_from', r.display_from,
      'display_until', r.display_until,
      'repairable_from', r.repairable_from
    )) as content
  from share.standing_record as r
  cross join ref.home as h
  left join ref.code as l -- a listing's conduct is the list it names
    on r.determination_kind = 'listing' and l.list_code = 'dishonesty_list' and l.code = r.conduct_type
) as g
inner join (values ('public'), ('government')) as a (audience)
  on a.audience = 'government' or g.disclosure_class = 'public';

-- Grain and key: one entry of a list (subject_key, entry_key) of an identified subject, whose record, where it rests on one,
-- passes the gate.
create or replace view share.disclosable_list_entry as
select
  e.subject_key,
  e.entry_key,
  e.list_code,
  e.display_until,
  jsonb_strip_nulls(jsonb_build_object(
    'entry_key', e.entry_key,
    'record_key', e.record_key,
    'list_code', e.list_code,
    'subject_name', share.masked(e.subject_name),
    'subject_code', e.subject_code,
    'document_no', e.document_no,
    'authority_name', share.masked(e.authority_name),
    'listed_on', e.listed_on,
    'display_until', e.display_until,
    'entry_reason', share.masked(e.entry_reason),
    'is_under_objection', coalesce(r.is_under_objection, false)
  )) as content
from core.list_entry as e
inner join core.subject as s on s.subject_key = e.subject_key and s.state = 'identified'
left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
cross join share.open_date as o
where e.state = 'listed'
  and e.display_until >= greatest(e.valid_on, o.data_date)
  and (e.record_key is null or exists (
    select from share.disclosable_record as d
    where d.audience = 'public' and d.subject_key = e.subject_key and d.record_key = e.record_key
  ));

-- A standing claim, of a unit that may submit it, about an identified subject that is no natural person. What was done or promised
-- about a decision has no ground left once that is revoked or denied, and is nobody's to tell while its record is kept inside (E6, G2). Nor is
-- what bears a name that the register does not know for its code, as with records (D2).
-- Grain and key: one fact (subject_key, fact_key).
create or replace view share.standing_act as
select c.*, share.masked(n.name) as subject_name, n.uscc as subject_code, core.key(c.act, c.fact_key, c.subject_key) as item_key
from core.standing_claim as s
inner join core.claim as c on c.subject_key = s.subject_key and c.claim_key = s.claim_key
inner join core.subject as n on n.subject_key = s.subject_key and n.state = 'identified'
left join core.subject_identifier as m
  on m.subject_key = c.subject_key and m.scheme = 'name' and m.value = core.comparable(c.party_name)
where c.is_entitled and coalesce(c.party_category_code, '') <> 'natural_person' and c.party_scheme <> 'person'
  and not exists (
    select from core.subject_identifier as i
    where i.subject_key = c.subject_key and i.scheme = 'name' and m.subject_key is null and c.party_scheme <> 'name'
  )
  and not exists (
    select from core.denied_act as d
    where d.subject_key = c.subject_key and d.claim_key = c.claim_key
  )
  and not exists (
    select from core.record_event as e
    inner join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
    left join share.withdrawal as w
      on w.subject_key = e.subject_key and w.record_key = e.record_key
      and w.reason in ('revoked', 'revoked_in_submission', 'objection_upheld')
    where e.subject_key = c.subject_key and e.claim_key = c.claim_key
      and (r.state = 'revoked' or r.disclosure_class = 'internal' or w.record_key is not null)
  );

-- How long the column shows what is no record: policy portal.
create or replace view share.shown_months as
select rule_code as kind, (body ->> 'months')::integer as months
from ref.policy
where policy_code = 'portal';

-- Joint punishment: until it is lifted, and while the record it follows from is shown. Grain and key: one measure (subject_key, punishment_key).
create or replace view share.disclosable_punishment as
select distinct on (c.subject_key, c.item_key)
  c.subject_key, c.item_key as punishment_key, least(d.display_until, (c.body ->> 'until_on')::date) as display_until,
  c.effective_on as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'punishment_key', c.item_key, 'record_key', d.record_key, 'subject_name', c.subject_name, 'subject_code', c.subject_code,
    'field_name', share.masked(c.body ->> 'field_name'), 'measure', share.masked(c.body ->> 'measure'),
    'legal_basis', share.masked(c.body ->> 'legal_basis'), 'executor_name', share.masked(c.body ->> 'executor_name'),
    'executed_on', c.effective_on, 'until_on', c.body ->> 'until_on', 'feedback', share.masked(c.body ->> 'feedback'),
    'display_until', least(d.display_until, (c.body ->> 'until_on')::date)
  )) as content
from share.standing_act as c
inner join core.record_event as e on e.subject_key = c.subject_key and e.claim_key = c.claim_key
inner join share.disclosable_record as d
  on d.audience = 'public' and d.subject_key = e.subject_key and d.record_key = e.record_key
cross join share.open_date as o
where c.act = 'punishment' and coalesce((c.body ->> 'is_public')::boolean, false) and c.effective_on is not null
  and c.body ->> 'state_code' is distinct from 'lifted' and coalesce((c.body ->> 'until_on')::date, d.display_until) >= o.data_date
order by c.subject_key asc, c.item_key asc, d.display_until desc, d.record_key asc;

-- Public commitments, without the decision they were made about. Grain and key: one commitment (subject_key, commitment_key).
create or replace view share.disclosable_commitment as
select
  c.subject_key, c.item_key as commitment_key, (c.document_on + make_interval(months => m.months))::date as display_until,
  c.document_on as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'commitment_key', c.item_key, 'subject_name', c.subject_name, 'subject_code', c.subject_code,
    'statement', share.masked(c.body ->> 'statement'), 'committed_on', c.document_on,
    'accepted_by_name', share.masked(c.body ->> 'accepted_by_name'),
    'display_until', (c.document_on + make_interval(months => m.months))::date
  )) as content
from share.standing_act as c
inner join share.shown_months as m on m.kind = 'commitment'
cross join share.open_date as o
where c.act = 'commitment' and coalesce((c.body ->> 'is_public')::boolean, false)
  and c.document_on + make_interval(months => m.months) >= o.data_date;

-- Repairs that stand: granted, of a record that nothing has revoked since, be it by evidence that no build has claimed.
-- Grain and key: one ruling on one record (subject_key, repair_key).
create or replace view share.standing_repair as
select r.*, d.disclosure_class, share.masked(n.name) as subject_name, n.uscc as subject_code, n.region_code
from core.repair as r
inner join core.record as d on d.subject_key = r.subject_key and d.record_key = r.record_key and d.state = 'repaired'
inner join core.subject as n on n.subject_key = r.subject_key and n.state = 'identified'
where r.state = 'granted'
  and not exists (
    select from share.withdrawal as w
    where w.subject_key = r.subject_key and w.record_key = r.record_key
      and w.reason in ('revoked', 'revoked_in_submission', 'objection_upheld')
  );

-- Repairs for the public: the ruling, never what was repaired. One of a record that was never public would make it public.
-- Grain and key: one ruling on one record (subject_key, repair_key).
create or replace view share.disclosable_repair as
select
  r.subject_key, r.repair_key, (r.ruled_on + make_interval(months => m.months))::date as display_until, r.ruled_on as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'repair_key', r.repair_key, 'subject_name', r.subject_name, 'subject_code', r.subject_code, 'ruling_no', r.ruling_no,
    'ruled_on', r.ruled_on, 'display_until', (r.ruled_on + make_interval(months => m.months))::date
  )) as content
from share.standing_repair as r
inner join share.shown_months as m on m.kind = 'repair'
cross join share.open_date as o
where r.disclosure_class = 'public' and r.ruled_on + make_interval(months => m.months) >= o.data_date;

-- What was verified about an identified subject of that name, by a unit that may verify there (B1, D2). Grain and key: one verification.
create or replace view share.standing_verification as
select
  v.*, share.masked(n.name) as subject_name, n.uscc as subject_code, n.region_code as subject_region_code,
  coalesce(v.clarification_release_code in ('lead_authority', 'subject_wish'), false) as is_released
from core.verification as v
inner join core.subject as n on n.subject_key = v.subject_key and n.state = 'identified'
inner join core.claim as c
  on c.subject_key = v.subject_key and c.claim_key = core.key('claim', v.file_id, v.row_no::text) and c.is_entitled
left join core.subject_identifier as m
  on m.subject_key = c.subject_key and m.scheme = 'name' and m.value = core.comparable(c.party_name)
where not exists (
    select from core.subject_identifier as i
    where i.subject_key = c.subject_key and i.scheme = 'name' and m.subject_key is null and c.party_scheme <> 'name'
  );

-- Clarifications that the lead authority released or the subject wished for (A6). Grain and key: one verification.
create or replace view share.disclosable_clarification as
select
  v.subject_key, v.verification_key as clarification_key, (v.concluded_on + make_interval(months => m.months))::date as display_until,
  v.concluded_on as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'clarification_key', v.verification_key, 'subject_name', v.subject_name, 'subject_code', v.subject_code,
    'title', share.masked(k.title),
    'clarification', share.masked(v.clarification), 'verifier_name', share.masked(v.verifier_name), 'concluded_on', v.concluded_on,
    'display_until', (v.concluded_on + make_interval(months => m.months))::date
  )) as content
from share.standing_verification as v
inner join share.shown_months as m on m.kind = 'clarification'
left join core.conduct_case as k on k.case_key = v.case_key
cross join share.open_date as o
where v.clarification is not null and v.is_released
  and v.concluded_on + make_interval(months => m.months) >= o.data_date;

-- Verification reports: while the record that followed is shown. Grain and key: one verification (subject_key, report_key).
create or replace view share.disclosable_report as
select distinct on (v.subject_key, v.verification_key)
  v.subject_key, v.verification_key as report_key, d.display_until, v.concluded_on as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'report_key', v.verification_key, 'record_key', d.record_key, 'subject_name', v.subject_name, 'subject_code', v.subject_code,
    'title', share.masked(k.title), 'verifier_name', share.masked(v.verifier_name), 'concluded_on', v.concluded_on,
    'finding', share.masked(v.finding), 'cause', share.masked(v.cause), 'recognition_no', v.recognition_no,
    'recognised_on', v.recognised_on, 'display_until', d.display_until
  )) as content
from share.standing_verification as v
inner join core.record as r
  on r.subject_key = v.subject_key and r.case_key = v.case_key and r.determination_kind = 'recognition'
inner join share.disclosable_record as d
  on d.audience = 'public' and d.subject_key = r.subject_key and d.record_key = r.record_key
left join core.conduct_case as k on k.case_key = v.case_key
where v.verdict_code in ('confirmed', 'partly_confirmed') and v.recognition_no is not null
order by v.subject_key asc, v.verification_key asc, d.display_until desc, d.record_key asc;

-- What is reported upward beside records (E2): it has no last day, but supervision ends with the records that it follows from (D5, G3).
-- Of a verification the outcome by case number; whom it is about and what was found only while the record that followed passes the gate,
-- or the clarification was released (A6). Grain and key: one fact (kind, subject_key, item_key).
-- A selected case is about no one subject: its target's key stands in the subject's place.
create or replace view share.reported_upward as
select
  case act when 'supervision' then 'supervision_start' else act end as kind, subject_key, item_key, region_code,
  coalesce(document_on, effective_on) as sort_on,
  jsonb_strip_nulls(jsonb_build_object(
    'subject_name', subject_name, 'subject_code', subject_code, 'document_no', document_no,
    'on', coalesce(document_on, effective_on), 'action_code', body ->> 'action_code', 'measure', share.masked(body ->> 'measure'),
    'training_name', share.masked(body ->> 'training_name'), 'result_code', body ->> 'result_code',
    'authority_name', share.masked(authority_name)
  )) as content
from share.standing_act as c
where act in ('supervision', 'training') and coalesce(document_on, effective_on) is not null
  and (act = 'training' or not exists (
    select from core.record_event as e
    where e.subject_key = c.subject_key and e.claim_key = c.claim_key
  ) or exists (
    select from core.record_event as e
    inner join share.standing_record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
    where e.subject_key = c.subject_key and e.claim_key = c.claim_key
  ))
union all
select
  'repair', subject_key, repair_key, region_code, ruled_on,
  jsonb_strip_nulls(jsonb_build_object(
    'record_key', record_key, 'subject_name', subject_name, 'subject_code', subject_code, 'ruling_no', ruling_no, 'ruled_on', ruled_on
  ))
from share.standing_repair
where disclosure_class in ('public', 'government')
union all
(
  select distinct on (v.subject_key, v.verification_key)
    'verification_report', v.subject_key, v.verification_key, v.subject_region_code, v.concluded_on,
    jsonb_strip_nulls(jsonb_build_object(
      'case_no', v.case_no, 'verdict_code', v.verdict_code, 'verifier_name', share.masked(v.verifier_name), 'concluded_on', v.concluded_on,
      'subject_name', case when d.record_key is not null or v.is_released then v.subject_name end,
      'subject_code', case when d.record_key is not null or v.is_released then v.subject_code end,
      'finding', case when d.record_key is not null then share.masked(v.finding) end,
      'recognition_no', case when d.record_key is not null then v.recognition_no end,
      'clarification', case when v.is_released then share.masked(v.clarification) end
    ))
  from share.standing_verification as v
  left join core.record as r
    on r.subject_key = v.subject_key and r.document_no = v.recognition_no and r.determination_kind = 'recognition'
  left join share.disclosable_record as d
    on d.audience = 'government' and d.subject_key = r.subject_key and d.record_key = r.record_key
  order by v.subject_key asc, v.verification_key asc, d.record_key asc
)
union all
select
  'case_selection', t.target_key, t.target_key as item_key, null, t.opened_on,
  jsonb_strip_nulls(jsonb_build_object(
    'case_key', t.case_key, 'title', share.masked(k.title), 'opened_on', t.opened_on, 'due_on', t.due_on,
    'lead_unit_code', t.lead_unit_code, 'appearances', (
      select jsonb_agg(p.list_code || '/' || p.case_id order by p.list_code, p.case_id)
      from core.pushed_case as p
      where p.case_key = t.case_key
    )
  ))
from core.target as t
inner join core.conduct_case as k on k.case_key = t.case_key
where t.trigger_code = 'typical_case';

-- All that an audience may see. Grain and key: one item (audience, kind, subject_key, item_key). Every exit reads this one view.
create or replace view share.disclosable as
select
  audience, 'record' as kind, subject_key, record_key as item_key, display_until, document_on as sort_on, region_code, class_code,
  content, content_hash
from share.disclosable_record
union all
select
  'public', o.kind, o.subject_key, o.item_key, o.display_until, o.sort_on, '', o.class_code,
  o.content, encode(sha256(convert_to(o.content::text, 'UTF8')), 'hex')
from (
  select
    'entry' as kind, subject_key, entry_key as item_key, display_until, (content ->> 'listed_on')::date as sort_on,
    list_code as class_code, content
  from share.disclosable_list_entry
  union all
  select 'punishment', subject_key, punishment_key, display_until, sort_on, '', content from share.disclosable_punishment
  union all
  select 'commitment', subject_key, commitment_key, display_until, sort_on, '', content from share.disclosable_commitment
  union all
  select 'repair', subject_key, repair_key, display_until, sort_on, '', content from share.disclosable_repair
  union all
  select 'clarification', subject_key, clarification_key, display_until, sort_on, '', content from share.disclosable_clarification
  union all
  select 'report', subject_key, report_key, display_until, sort_on, '', content from share.disclosable_report
) as o
union all
select
  'government', u.kind, u.subject_key, u.item_key, '9999-12-31'::date, u.sort_on, coalesce(u.region_code, h.province_code), '',
  u.content, encode(sha256(convert_to(u.content::text, 'UTF8')), 'hex')
from share.reported_upward as u
cross join ref.home as h;
