-- The one gate to the outside (architecture, decision 8): what an audience may see, and nothing else may be read by an exit.
-- Grain and key: one record of one audience (audience, subject_key, record_key). Safe to re-run: only definitions.
-- A record passes when it stands (active or corrected), is of a class that the audience may see, lies inside a window whose end is
-- known, as of the latest open date, is of an identified subject and no natural person, and is not withdrawn. Masking stands here
-- and nowhere else.

-- Free text may name a person's id (or the token that took its place), or a telephone: who is meant often stands beside it
-- by name, which no rule can find, so such a text gives way as a whole. Digits of full width, and numbers cut by blanks or dashes,
-- count as well. A text without seven digits and without a token is left as it is, quickly. A fixed-line number goes by itself.
create or replace function share.masked(value text) returns text
  language sql immutable parallel safe
  return case
    when value !~ 'pid[0-9A-Za-z]*-[0-9a-f]{32}|(?:[0-9０-９][ -]?){7}' then value
    when value ~ (
      'pid[0-9A-Za-z]*-[0-9a-f]{32}'
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
  coalesce(g.region_code, '420000') as region_code,
  g.catalogue_class_code as class_code,
  g.content,
  encode(sha256(convert_to(g.content::text, 'UTF8')), 'hex') as content_hash
from (
  select
    r.subject_key, r.record_key, r.display_until, r.document_on, r.region_code, r.catalogue_class_code, r.disclosure_class,
    jsonb_strip_nulls(jsonb_build_object(
      'record_key', r.record_key,
      'subject_name', r.party_name,
      'subject_code', r.party_code,
      'document_no', r.document_no,
      'document_on', r.document_on,
      'authority_name', r.authority_name,
      'authority_code', r.authority_code,
      'conduct_type', share.masked(coalesce(l.label, r.conduct_type)),
      'fact', share.masked(r.fact),
      'basis', share.masked(r.basis),
      'penalty_text', share.masked(r.penalty_text),
      'fine_yuan', r.fine_yuan::text,
      'confiscated_yuan', r.confiscated_yuan::text,
      'catalogue_class_code', r.catalogue_class_code,
      'region_code', coalesce(r.region_code, '420000'),
      'severity_code', r.severity_code,
      'state', r.state,
      'is_under_objection', r.is_under_objection,
      'display_from', r.display_from,
      'display_until', r.display_until,
      'repairable_from', r.repairable_from
    )) as content
  from share.standing_record as r
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
    'subject_name', e.subject_name,
    'subject_code', e.subject_code,
    'document_no', e.document_no,
    'authority_name', e.authority_name,
    'listed_on', e.listed_on,
    'display_until', e.display_until,
    'entry_reason', share.masked(e.entry_reason)
  )) as content
from core.list_entry as e
inner join core.subject as s on s.subject_key = e.subject_key and s.state = 'identified'
cross join share.open_date as o
where e.state = 'listed'
  and e.display_until >= greatest(e.valid_on, o.data_date)
  and (e.record_key is null or exists (
    select from share.disclosable_record as d
    where d.audience = 'public' and d.subject_key = e.subject_key and d.record_key = e.record_key
  ));

-- All that an audience may see. Grain and key: one item (audience, kind, subject_key, item_key). Every exit reads this one view.
create or replace view share.disclosable as
select
  audience, 'record' as kind, subject_key, record_key as item_key, display_until, document_on as sort_on, region_code, class_code,
  content, content_hash
from share.disclosable_record
union all
select
  'public', 'entry', subject_key, entry_key, display_until, (content ->> 'listed_on')::date, '', list_code,
  content, encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
from share.disclosable_list_entry;
