-- The marts that BI tools read: dimensions, facts, monthly aggregates, scorecards, freshness.
-- Grain, key and meaning of each table and column: include/schemas/marts.yaml, which also makes their comments.
-- Safe to re-run: applied once by the migration runner, in one transaction.
-- Not distributed on Citus: one publisher writes them and BI tools join them freely; they are read on the coordinator.

create table core.unpublished_subject (
  subject_key text primary key
);
comment on table core.unpublished_subject is 'Subjects folded since the marts were last published; emptied by each publication.';

-- No key: a sender would wait for the publication that takes the same subject out. Not distributed: written and read as a whole.
create table share.unpublished_subject (
  subject_key text not null
);
comment on table share.unpublished_subject is 'Subjects whose messages to the platform changed since the marts were last published, once a change.';

create table marts.current_version (
  name text not null,
  version_no bigint not null,
  valid_on date not null,
  digest text not null,
  known_at timestamptz not null,
  is_stale boolean not null,
  stale_reason text,
  warnings text,
  primary key (name)
);
create table marts.freshness (
  table_name text not null,
  version_no bigint not null,
  valid_on date not null,
  moved_at timestamptz not null,
  row_count bigint not null,
  checksum numeric not null,
  primary key (table_name)
);
create table marts.dim_date (
  date_key date not null,
  year_no integer not null,
  quarter_no integer not null,
  month_no integer not null,
  day_no integer not null,
  month_on date not null,
  is_working_day boolean not null,
  working_day_no integer not null,
  working_day_basis text not null,
  primary key (date_key)
);
create table marts.dim_region (
  region_code text not null,
  valid_from date not null,
  valid_until date,
  region_name text not null,
  kind text,
  parent_code text,
  current_code text not null,
  unit_code text,
  is_current boolean not null,
  primary key (region_code, valid_from)
);
create table marts.dim_department (
  department_code text not null,
  department_name text not null,
  kind text not null,
  is_territory boolean not null,
  region_code text,
  current_code text not null,
  changed_on date,
  primary key (department_code)
);
create table marts.dim_conduct_class (
  conduct_class_code text not null,
  conduct_class_name text not null,
  primary key (conduct_class_code)
);
create table marts.dim_policy (
  policy_code text not null,
  rule_code text not null,
  effective_from date not null,
  effective_until date,
  legal_basis text not null,
  is_confirmed boolean not null,
  body jsonb not null,
  primary key (policy_code, rule_code, effective_from)
);
create table marts.dim_subject (
  subject_key text not null,
  subject_name text not null,
  subject_code text,
  category_code text,
  region_code text,
  first_seen_on date,
  last_seen_on date,
  is_current boolean not null,
  primary key (subject_key, subject_name)
);
create table marts.fact_record (
  subject_key text not null,
  record_key text not null,
  determination_kind text not null,
  conduct_class_code text not null,
  document_on date not null,
  gathered_on date not null,
  month_on date not null,
  authority_name text not null,
  region_code text not null,
  unit_code text not null,
  party_category_code text not null,
  severity_code text not null,
  state text not null,
  state_reason text,
  state_on date,
  is_under_objection boolean not null,
  disclosure_class text not null,
  display_from date,
  display_until date,
  policy_rule text,
  case_key text,
  record_count bigint not null,
  on_time_count bigint not null,
  late_count bigint not null,
  lag_working_days bigint not null,
  fine_yuan numeric(18, 2),
  content_hash text not null,
  primary key (subject_key, record_key)
);
create table marts.fact_record_event (
  subject_key text not null,
  record_key text not null,
  event_key text not null,
  act text not null,
  event_on date not null,
  gathered_on date,
  unit_code text not null,
  event_count bigint not null,
  primary key (subject_key, record_key, event_key)
);
create table marts.fact_list_entry (
  subject_key text not null,
  entry_key text not null,
  list_code text not null,
  industry_code text,
  record_key text,
  region_code text,
  unit_code text,
  listed_on date not null,
  removed_on date,
  display_until date,
  state text not null,
  entry_reason text not null,
  exit_reason text,
  entry_count bigint not null,
  primary key (subject_key, entry_key)
);
create table marts.fact_repair (
  subject_key text not null,
  repair_key text not null,
  record_key text,
  region_code text,
  unit_code text,
  ruled_on date not null,
  state text not null,
  repair_count bigint not null,
  primary key (subject_key, repair_key)
);
create table marts.fact_measure (
  subject_key text not null,
  measure_key text not null,
  act text not null,
  region_code text,
  unit_code text not null,
  started_on date,
  gathered_on date not null,
  measure_count bigint not null,
  primary key (subject_key, measure_key)
);
create table marts.fact_objection (
  subject_key text not null,
  objection_key text not null,
  record_key text,
  region_code text,
  unit_code text,
  raised_on date not null,
  due_on date,
  ruled_on date,
  ruling_code text,
  state text not null,
  objection_count bigint not null,
  overdue_count bigint not null,
  primary key (subject_key, objection_key)
);
create table marts.fact_case (
  case_key text not null,
  title text not null,
  published_on date,
  first_pushed_on date not null,
  is_followed_up boolean not null,
  case_count bigint not null,
  appearance_count bigint not null,
  primary key (case_key)
);
create table marts.fact_referral (
  referral_key text not null,
  target_key text not null,
  case_key text,
  unit_code text not null,
  trigger_code text not null,
  reason text not null,
  referred_on date not null,
  due_on date not null,
  due_basis text not null,
  concluded_on date,
  state text not null,
  referral_count bigint not null,
  overdue_count bigint not null,
  primary key (referral_key)
);
create table marts.fact_verification (
  verification_key text not null,
  target_key text,
  case_key text,
  subject_key text,
  unit_code text not null,
  verdict_code text not null,
  is_by_institution boolean not null,
  concluded_on date not null,
  due_on date,
  recognised_on date,
  verification_count bigint not null,
  recognition_count bigint not null,
  overdue_count bigint not null,
  primary key (verification_key)
);
create table marts.fact_submission (
  file_id text not null,
  unit_code text not null,
  kind text,
  data_date date not null,
  scope text,
  state text not null,
  file_count bigint not null,
  refused_count bigint not null,
  row_count bigint not null,
  accepted_count bigint not null,
  quarantined_count bigint not null,
  duplicate_count bigint not null,
  skipped_count bigint not null,
  incomplete_count bigint not null,
  wrong_code_count bigint not null,
  primary key (file_id)
);
create table marts.fact_issue (
  unit_code text not null,
  kind text not null,
  data_date date not null,
  issue_code text not null,
  severity text not null,
  responsibility text not null,
  origin text not null,
  is_repeat boolean not null,
  corrected_on date,
  issue_count bigint not null,
  correction_working_days bigint,
  primary key (unit_code, kind, data_date, issue_code, severity, responsibility, origin)
);
create table marts.fact_share (
  subject_key text not null,
  message_key text not null,
  kind text not null,
  action text not null,
  record_key text not null,
  region_code text not null,
  conduct_class_code text,
  valid_on date not null,
  month_on date not null,
  state text not null,
  message_count bigint not null,
  attempt_count bigint not null,
  primary key (subject_key, message_key)
);
create table marts.fact_pull (
  pull_id text not null,
  feed text not null,
  data_date date not null,
  state text not null,
  reason text,
  pull_count bigint not null,
  page_count bigint not null,
  row_count bigint not null,
  expected_count bigint,
  primary key (pull_id)
);
create table marts.fact_run (
  run_id text not null,
  flow text not null,
  data_date date not null,
  valid_on date,
  known_at timestamptz not null,
  state text not null,
  reason text,
  run_count bigint not null,
  primary key (run_id)
);
create table marts.agg_record_month (
  month_on date not null,
  unit_code text not null,
  determination_kind text not null,
  conduct_class_code text not null,
  severity_code text not null,
  state text not null,
  disclosure_class text not null,
  record_count bigint not null,
  on_time_count bigint not null,
  late_count bigint not null,
  lag_working_days bigint not null,
  fine_yuan numeric(18, 2) not null,
  primary key (month_on, unit_code, determination_kind, conduct_class_code, severity_code, state, disclosure_class)
);
create table marts.agg_region_month (
  month_on date not null,
  region_code text not null,
  state text not null,
  record_count bigint not null,
  on_time_count bigint not null,
  late_count bigint not null,
  fine_yuan numeric(18, 2) not null,
  primary key (month_on, region_code, state)
);
create table marts.agg_share_month (
  month_on date not null,
  region_code text not null,
  kind text not null,
  action text not null,
  state text not null,
  message_count bigint not null,
  attempt_count bigint not null,
  primary key (month_on, region_code, kind, action, state)
);
create table marts.agg_unit_month (
  unit_code text not null,
  month_on date not null,
  has_reported boolean not null,
  first_reported_on date,
  file_count bigint not null,
  refused_count bigint not null,
  row_count bigint not null,
  accepted_count bigint not null,
  quarantined_count bigint not null,
  skipped_count bigint not null,
  incomplete_count bigint not null,
  wrong_code_count bigint not null,
  referral_count bigint not null,
  concluded_count bigint not null,
  overdue_count bigint not null,
  verification_count bigint not null,
  confirmed_count bigint not null,
  not_confirmed_count bigint not null,
  recognition_count bigint not null,
  report_count bigint not null,
  record_count bigint not null,
  on_time_count bigint not null,
  late_count bigint not null,
  fine_yuan numeric(18, 2) not null,
  key_supervision_count bigint not null,
  serious_count bigint not null,
  supervision_count bigint not null,
  punishment_count bigint not null,
  training_count bigint not null,
  commitment_count bigint not null,
  repair_count bigint not null,
  objection_count bigint not null,
  ruled_count bigint not null,
  upheld_count bigint not null,
  issue_count bigint not null,
  error_count bigint not null,
  repeat_count bigint not null,
  error_kind_count bigint not null,
  corrected_count bigint not null,
  correction_working_days bigint not null,
  primary key (unit_code, month_on)
);
create table marts.score_unit_month (
  unit_code text not null,
  month_on date not null,
  completeness_rate numeric(9, 4),
  timeliness_rate numeric(9, 4),
  error_rate numeric(9, 4),
  refused_rate numeric(9, 4),
  repeat_error_rate numeric(9, 4),
  mean_correction_days numeric(9, 2),
  upheld_rate numeric(9, 4),
  score numeric(5, 2),
  primary key (unit_code, month_on)
);
create table marts.city_indicator_month (
  unit_code text not null,
  month_on date not null,
  indicator_code text not null,
  indicator_name text not null,
  numerator numeric not null,
  denominator numeric not null,
  primary key (unit_code, month_on, indicator_code)
);

-- What a publication is about to write, and what it looks at; empty between publications. Nobody else reads it.
create schema marts_next;
create unlogged table marts_next.subject (
  subject_key text not null
);
create unlogged table marts_next.told_subject (
  subject_key text not null
);
create unlogged table marts_next.file (
  file_id text not null
);
create unlogged table marts_next.issue (
  unit_code text not null,
  kind text not null,
  data_date date not null,
  issue_code text not null,
  severity text not null,
  responsibility text not null,
  origin text not null,
  issue_count bigint not null
);
create unlogged table marts_next.delivery (
  unit_code text not null,
  kind text not null,
  since_on date not null
);
create unlogged table marts_next.month (
  month_on date not null
);
create view marts_next.first_month as
select date_trunc('month', min(first_on))::date as month_on
from (
  select min(data_date) as first_on from marts.fact_submission
  union all
  select min(data_date) from marts.fact_pull
  union all
  select min(month_on) from marts.agg_record_month
) as every;
comment on view marts_next.first_month is 'The first month of which the marts hold anything, NULL where they hold nothing; monthly tables begin there.';
create unlogged table marts_next.dim_date (like marts.dim_date);
create unlogged table marts_next.dim_region (like marts.dim_region);
create unlogged table marts_next.dim_department (like marts.dim_department);
create unlogged table marts_next.dim_conduct_class (like marts.dim_conduct_class);
create unlogged table marts_next.dim_policy (like marts.dim_policy);
create unlogged table marts_next.dim_subject (like marts.dim_subject);
create unlogged table marts_next.fact_record (like marts.fact_record);
create unlogged table marts_next.fact_record_event (like marts.fact_record_event);
create unlogged table marts_next.fact_list_entry (like marts.fact_list_entry);
create unlogged table marts_next.fact_repair (like marts.fact_repair);
create unlogged table marts_next.fact_measure (like marts.fact_measure);
create unlogged table marts_next.fact_objection (like marts.fact_objection);
create unlogged table marts_next.fact_case (like marts.fact_case);
create unlogged table marts_next.fact_referral (like marts.fact_referral);
create unlogged table marts_next.fact_verification (like marts.fact_verification);
create unlogged table marts_next.fact_submission (like marts.fact_submission);
create unlogged table marts_next.fact_issue (like marts.fact_issue);
create unlogged table marts_next.fact_share (like marts.fact_share);
create unlogged table marts_next.fact_pull (like marts.fact_pull);
create unlogged table marts_next.fact_run (like marts.fact_run);
create unlogged table marts_next.agg_unit_month (like marts.agg_unit_month);
create unlogged table marts_next.score_unit_month (like marts.score_unit_month);
create unlogged table marts_next.city_indicator_month (like marts.city_indicator_month);

create index on marts.fact_record (unit_code, month_on);
create index on marts.fact_record_event (event_on);
create index on marts.fact_list_entry (listed_on);
create index on marts.fact_measure (started_on);
create index on marts.fact_repair (ruled_on);
create index on marts.fact_submission (unit_code, data_date);
create index on marts.fact_submission (data_date);
create index on marts.fact_issue (unit_code, kind, issue_code, data_date);
create index on marts.fact_issue (data_date);
create index on marts.fact_share (month_on) where kind <> 'record';
create index on marts.dim_subject (subject_code);

-- Who may do what -------------------------------------------------------------------------------------------------------

grant usage on schema marts to records_builder, bi_reader;
grant select, insert, update, delete on all tables in schema marts to records_builder;
grant select, insert, delete on core.unpublished_subject to records_builder;
grant select, delete on share.unpublished_subject to records_builder;
grant insert on share.unpublished_subject to records_sharer;
grant usage on schema marts_next to records_builder;
grant select, insert, truncate on all tables in schema marts_next to records_builder;
grant select on all tables in schema marts to bi_reader;
