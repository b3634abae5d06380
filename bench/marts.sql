-- Millions of fact rows made set-based, and one day's change. Everything follows from the row's number: no chance.
-- Grain: stated at each section. Re-making: each section runs once on a fresh warehouse.

-- section: units
-- How many units share the records: reporting units and departments, by number.
create table bench_unit as
select (row_number() over (order by list_code desc, code)) - 1 as unit_no, code, list_code
from ref.code
where list_code in ('reporting_unit', 'department');

-- section: open_date
insert into ops.open_date (data_date, known_at) values ('2018-12-31', %(known_at)s);

-- section: unindexed
-- Loading goes before the indexes, as in any first load.
alter table marts.fact_record drop constraint fact_record_pkey;

drop index marts.fact_record_unit_code_month_on_idx;

alter table marts.fact_share drop constraint fact_share_pkey;

-- section: indexed
alter table marts.fact_record add primary key (subject_key, record_key);

create index on marts.fact_record (unit_code, month_on);

alter table marts.fact_share add primary key (subject_key, message_key);

-- section: records
-- Records from %(first)s to %(last)s of a fifth as many subjects, gathered over ten years; sum_up follows.
insert into marts.fact_record (
  subject_key, record_key, determination_kind, conduct_class_code, document_on, gathered_on, month_on, authority_name, region_code,
  unit_code, party_category_code, severity_code, state, state_reason, state_on, is_under_objection, disclosure_class, display_from,
  display_until, policy_rule, case_key, record_count, on_time_count, late_count, lag_working_days, fine_yuan, content_hash
)
select
  md5((i / 5)::text),
  md5('r' || i),
  'penalty',
  'administrative',
  g.day - 9 + (i %% 6)::integer,
  g.day,
  date_trunc('month', g.day)::date,
  'authority ' || u.code,
  r.code,
  u.code,
  'legal_person',
  (array['minor', 'ordinary', 'ordinary', 'serious'])[1 + i %% 4],
  (array['active', 'active', 'expired', 'repaired', 'revoked', 'corrected'])[1 + (i / 7) %% 6],
  null,
  null,
  false,
  (array['public', 'government'])[1 + (i / 3) %% 2],
  g.day,
  g.day + 365,
  'rule',
  null,
  1,
  (i %% 6 > 1)::integer,
  (i %% 6 <= 1)::integer,
  9 - i %% 6,
  (i %% 50) * 1000,
  md5('h' || i)
from generate_series(%(first)s::bigint, %(last)s::bigint) as i
inner join bench_unit as u on u.unit_no = i %% (select count(*) from bench_unit)
inner join bench_unit as r on r.list_code = 'reporting_unit' and r.unit_no = (i / 29) %% 17
cross join lateral (select date '2009-01-01' + ((i * 7919) %% 3650)::integer as day) as g;

-- section: messages
-- Each record was told to the platform once.
insert into marts.fact_share (
  subject_key, message_key, kind, action, record_key, region_code, conduct_class_code, valid_on, month_on, state, message_count, attempt_count
)
select
  subject_key, 'm' || record_key, 'record', 'upsert', record_key, region_code, conduct_class_code, gathered_on, month_on,
  case when lag_working_days = 7 and month_on > '2018-10-01' then 'pending' else 'acknowledged' end, 1, 1
from marts.fact_record;

-- section: sum_up
insert into marts.agg_record_month
select
  month_on, unit_code, determination_kind, conduct_class_code, severity_code, state, disclosure_class,
  sum(record_count), sum(on_time_count), sum(late_count), sum(lag_working_days), sum(fine_yuan)
from marts.fact_record
group by month_on, unit_code, determination_kind, conduct_class_code, severity_code, state, disclosure_class;

insert into marts.agg_region_month
select month_on, region_code, state, sum(record_count), sum(on_time_count), sum(late_count), sum(fine_yuan)
from marts.fact_record
group by month_on, region_code, state;

insert into marts.agg_share_month
select month_on, region_code, kind, action, state, sum(message_count), sum(attempt_count)
from marts.fact_share
group by month_on, region_code, kind, action, state;

-- section: deliveries
-- Files and issues of ten years: a file of every unit every other day, errors in each third, and ten findings of the fold in each.
insert into landing.file (
  file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count, sequence, scope, state, row_count, accepted_count,
  quarantined_count, known_at
)
select
  md5(u.code || d.day::text), u.code, 'penalty_decision', d.day::date, md5(u.code || d.day::text), 'f', 'f', 1, 1, 'delta', 'accepted',
  190, 185, 5, %(known_at)s
from bench_unit as u
cross join generate_series(timestamp '2009-01-01', timestamp '2018-12-30', interval '2 days') as d (day);

insert into ops.issue (
  issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, origin, known_at
)
select
  md5(f.file_id || n), f.file_id, n, 'fine_yuan', (array['required', 'uscc_check', 'date_order', 'amount_disagrees'])[n], 'error', 'department',
  'x', 'x', 'acceptance', %(known_at)s
from landing.file as f
cross join generate_series(1, 4) as n
where hashtext(f.file_id) %% 3 = 0;

insert into ops.issue (
  issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, origin, known_at
)
select
  md5(f.file_id || 'f' || n), f.file_id, n, 'party_code', 'subject_unknown', 'notice', 'centre', '914201000000000000',
  'as long as what the catalogue of issues says', 'fold', %(known_at)s
from landing.file as f
cross join generate_series(1, 10) as n;

-- section: freshness
-- The books of the publisher, as if it had written these rows.
update marts.freshness set row_count = (select sum(record_count) from marts.agg_region_month)
where table_name in ('fact_record', 'fact_share');

-- section: into_core
-- The records of some subjects as core has them, so that a publication can compare them: %(subjects)s from number %(first)s.
insert into core.record (
  subject_key, record_key, determination_kind, catalogue_class_code, document_no, document_on, authority_name, party_name,
  party_category_code, fine_yuan, region_code, unit_code, severity_code, state, is_under_objection, disclosure_class,
  disclosure_reason, display_from, display_until, policy_rule, is_policy_confirmed, provenance, content_hash, valid_on, claim_key
)
select
  f.subject_key, f.record_key, f.determination_kind, f.conduct_class_code, f.record_key, f.document_on, f.authority_name, 'x',
  f.party_category_code, f.fine_yuan, f.region_code, f.unit_code, f.severity_code, f.state, f.is_under_objection, f.disclosure_class,
  'x', f.display_from, f.display_until, f.policy_rule, true, '{}', f.content_hash, '2018-12-31', f.record_key
from generate_series(%(first)s::bigint, %(first)s::bigint + %(subjects)s - 1) as i
inner join marts.fact_record as f on f.subject_key = md5(i::text);

insert into core.claim (
  subject_key, claim_key, candidate_key, party_scheme, kind, act, fact_key, party_name, unit_code, data_date, sequence,
  content_hash, file_id, row_no, body, known_at, is_entitled
)
select
  f.subject_key, f.record_key, f.subject_key, 'uscc', 'penalty_decision', 'determination', f.record_key, 'x', f.unit_code, f.gathered_on,
  1, f.record_key, 'x', 1, '{}', %(known_at)s, true
from marts.fact_record as f
inner join core.record as r on r.subject_key = f.subject_key and r.record_key = f.record_key
on conflict do nothing;

insert into core.subject (subject_key, state, category_code, name, uscc, file_id, row_no)
select distinct subject_key, 'identified', 'legal_person', 'x', left(subject_key, 18), 'x', 1
from core.record
on conflict do nothing;

insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, version_no, state,
  attempt_count, valid_on, known_at
)
select
  s.subject_key, s.message_key, row_number() over (partition by s.subject_key order by s.message_key), s.kind, s.action, s.record_key,
  s.region_code, s.conduct_class_code, '{}', 'h', 1, s.state, 1, s.valid_on, %(known_at)s
from generate_series(%(first)s::bigint, %(first)s::bigint + %(subjects)s - 1) as i
inner join marts.fact_share as s on s.subject_key = md5(i::text);

-- section: ended
-- How many subjects the days so far have changed, and how many days these were.
select count(*), count(distinct state_on)
from core.record
where state_on is not null;

-- section: read
-- Rows of the big tables that statements have read so far.
select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
from pg_stat_user_tables
where schemaname = 'marts' and relname in ('fact_record', 'fact_share');

-- section: day
-- One day's change: one record of each of these subjects ends, the platform is told and answers, every unit delivers once more.
with ended as (
  update core.record as r set state = 'revoked', state_on = %(day)s, content_hash = md5(r.content_hash || %(day)s::date::text)
  from (
    select i.subject_key, min(i.record_key) as record_key
    from core.record as i
    inner join generate_series(%(first)s::bigint, %(first)s::bigint + %(subjects)s - 1) as n on i.subject_key = md5(n::text)
    group by i.subject_key
  ) as one
  where r.subject_key = one.subject_key and r.record_key = one.record_key
  returning r.subject_key
)

insert into core.unpublished_subject (subject_key)
select subject_key
from ended
on conflict do nothing;

insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, version_no, state,
  attempt_count, valid_on, known_at
)
select
  r.subject_key, 'w' || r.record_key, 9, 'record', 'withdraw', r.record_key, r.region_code, r.catalogue_class_code, '{}', 'h', 2,
  'acknowledged', 1, %(day)s, %(known_at)s
from core.record as r
where r.state_on = %(day)s;

insert into share.unpublished_subject (subject_key)
select subject_key
from core.record
where state_on = %(day)s;

insert into landing.file (
  file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count, sequence, scope, state, row_count, accepted_count,
  quarantined_count, known_at
)
select
  md5('d' || code || %(day)s::date::text), code, 'penalty_decision', %(day)s, code, 'f', 'f', 1, 2, 'delta', 'accepted', 400, 350, 50, %(known_at)s
from bench_unit;

insert into ops.issue (
  issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, origin, known_at
)
select
  md5(f.file_id || n), f.file_id, n, 'fine_yuan', (array['required', 'uscc_check', 'date_order', 'subject_unknown'])[1 + n %% 4], 'error',
  'department', 'x', 'x', (array['acceptance', 'fold'])[1 + n %% 2], %(known_at)s
from landing.file as f
cross join generate_series(1, 50) as n
where f.sequence = 2 and f.data_date = %(day)s;

-- section: floor
-- The same number of rows written by key, with nothing compared, summed up or checked.
update marts.fact_record as t set content_hash = md5(t.content_hash)
from core.record as r
where r.state_on = %(day)s and t.subject_key = r.subject_key and t.record_key = r.record_key;
