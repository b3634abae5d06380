-- Records as a build leaves them, for the publication's bench: one subject each, spread over regions and conducts.
-- Grain: one record. Key: (subject_key, record_key), from the number. Made anew in an empty warehouse.

-- section: open_date
insert into ops.open_date (data_date, known_at) values (%(valid_on)s, %(known_at)s);

-- section: subjects
insert into core.subject (subject_key, state, category_code, name, uscc, region_code, file_id, row_no)
select
  core.key('subject', n::text), 'identified', 'legal_person',
  format(
    %(name)s,
    (%(regions)s::text[])[1 + n %% 17],
    chr(19968 + (n * 7919 %% 3000)::integer) || chr(19968 + (n * 104729 %% 2999)::integer) || chr(19968 + (n * 1299709 %% 2971)::integer)
  ),
  '9142' || lpad((n %% 100000000)::text, 8, '0') || 'MA' || lpad((n %% 10000)::text, 4, '0'), '420100', 'bench', n
from generate_series(1::bigint, %(count)s::bigint) as n;

-- section: records
insert into core.record (
  subject_key, record_key, determination_kind, catalogue_class_code, document_no, document_on, authority_name, authority_code,
  party_name, party_code, party_category_code, conduct_type, fact, basis, penalty_text, fine_yuan, region_code, unit_code,
  severity_code, state, is_under_objection, disclosure_class, disclosure_reason, display_from, display_until, policy_rule,
  is_policy_confirmed, provenance, content_hash, valid_on, claim_key
)
select
  s.subject_key, core.key('record', s.row_no::text), 'penalty', 'administrative', format(%(document)s, s.row_no),
  %(valid_on)s::date - (s.row_no %% 300)::integer, %(authority)s, '11420000YL0000020Y', s.name, s.uscc, 'legal_person', %(conduct)s,
  %(fact)s || s.row_no, %(basis)s, %(penalty)s, 20000 + s.row_no %% 1000,
  (array['420100', '420200', '420300', '420500', '420600'])[1 + s.row_no %% 5], 'HB-AMR', 'ordinary', 'active', false, 'public',
  'open_by_law', %(valid_on)s::date - (s.row_no %% 300)::integer, %(valid_on)s::date + 30 + (s.row_no %% 300)::integer, 'bench', true,
  '{}', encode(sha256(convert_to(s.row_no::text, 'UTF8')), 'hex'), %(valid_on)s, core.key('claim', s.row_no::text)
from core.subject as s;

-- section: analyze
analyze core.subject, core.record;

-- section: change
-- A day's changes, spread over all: eight of ten get another penalty, two of ten are revoked.
with chosen as (
  select r.subject_key, r.record_key, row_number() over (order by r.record_key) as n
  from core.record as r
  inner join core.subject as s on r.subject_key = s.subject_key
  where r.state = 'active' and s.row_no %% (%(count)s / %(changes)s) = %(day)s
),

changed as (
  update core.record as r
  set state = case when c.n %% 5 = 0 then 'revoked' else r.state end, penalty_text = r.penalty_text || %(day)s
  from chosen as c
  where r.subject_key = c.subject_key and r.record_key = c.record_key
  returning r.subject_key
)

insert into share.due_subject (subject_key, audience)
select c.subject_key, a.audience
from changed as c
cross join (values ('public'), ('government'), ('proof')) as a (audience);
