-- Evidence of the platform's pushes, and core: subjects, cases, claims, records, lists and the clocks about them.
-- Grain: stated at each table. Keys: tables that grow with subjects lead with subject_key, so Citus can co-locate them.
-- Safe to re-run: applied once by the migration runner, in one transaction.
-- Everything in core but match_decision, case_link_decision, rekey and the version tables is derived from evidence and can be rebuilt.

create table evidence.pushed_case (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  list_code text not null,
  case_id text not null,
  region_text text not null,
  title text not null,
  published_on date,
  published_text text,
  source_name text,
  handling_opinion text,
  tags text,
  body text,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);
comment on table evidence.pushed_case is 'One appearance as pushed; file_id is the pull. Not distributed: a few thousand rows a year.';

create table evidence.evaluation (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  cycle_code text not null,
  scale_code text not null,
  grade_code text not null,
  subject_name text not null,
  subject_code text,
  region_code text,
  published_on date not null,
  original jsonb not null default '{}',
  extra jsonb not null default '{}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);
comment on table evidence.evaluation is 'One grade of one subject in one published cycle; file_id is the pull.';

-- Subjects ----------------------------------------------------------------------------------------------------------

create table core.subject (
  subject_key text primary key,
  state text not null check (state in ('identified', 'proposed')),
  category_code text,
  name text not null,
  uscc text,
  org_code text,
  registration_no text,
  region_code text,
  file_id text not null,
  row_no bigint not null
);
comment on table core.subject is 'One enterprise or organisation. proposed: known by name alone, nothing about it leaves the centre until people decide. file_id, row_no: the evidence its name comes from.';

create table core.subject_identifier (
  subject_key text not null,
  scheme text not null check (scheme in ('uscc', 'org_code', 'registration_no', 'name')),
  value text not null,
  seen_from date not null,
  seen_until date,
  file_id text not null,
  row_no bigint not null,
  primary key (subject_key, scheme, value)
);
create index on core.subject_identifier (scheme, value);
comment on table core.subject_identifier is 'Every code and name a subject bore, former ones included.';

create table core.name_index (
  subject_key text not null,
  name text not null,
  name_id bigint not null,
  is_candidate boolean not null,
  prefecture_code text,
  place_code text,
  prefix text not null,
  core_name text not null,
  branch text not null,
  run_id text not null,
  primary key (name_id)
);
create index on core.name_index (subject_key);
create index on core.name_index (run_id);
comment on table core.name_index is 'Names as they are compared: place, own part, branch. is_candidate: the name is all that is known of its bearer. Not distributed: it is read by name.';

create table core.name_form (
  form bigint not null,
  name_id bigint not null,
  is_candidate boolean not null,
  primary key (is_candidate, form, name_id)
);
comment on table core.name_form is
  'Hashes of a name whole and with one character left out: near names share one. Not distributed: it is read across subjects.';

create table core.match_decision (
  decision_key text primary key,
  candidate_key text not null,
  subject_key text not null,
  score numeric(5, 4),
  features jsonb not null default '{}',
  judgement text not null check (judgement in ('proposed', 'same', 'different', 'unsure')),
  decided_by text,
  decided_at timestamptz,
  deleted_at timestamptz,
  known_at timestamptz not null
);
comment on table core.match_decision is 'Input, never rebuilt: what a name-only or near-name candidate was proposed for and what people decided.';

create table core.rekey (
  old_subject_key text not null,
  new_subject_key text not null,
  reason text not null,
  decision_key text,
  known_at timestamptz not null,
  primary key (old_subject_key, new_subject_key)
);
comment on table core.rekey is 'Input, never rebuilt: recorded changes of a subject''s key.';

-- Cases -------------------------------------------------------------------------------------------------------------

create table core.conduct_case (
  case_key text primary key,
  title text not null,
  published_on date,
  first_pushed_on date not null,
  appearance_count integer not null,
  is_followed_up boolean not null,
  region_codes text[] not null
);
comment on table core.conduct_case is 'One event; a reference, never a record. Not distributed: cases are few and not about one subject.';
comment on column core.conduct_case.case_key is
  'From the list and id of the appearance that was pushed first (ties: list, then id): a later appearance joins without changing it.';

create table core.pushed_case (
  list_code text not null,
  case_id text not null,
  case_key text not null,
  link_basis text not null,
  title text not null,
  region_text text not null,
  region_codes text[] not null,
  published_on date,
  source_name text,
  handling_opinion text,
  tags text[] not null,
  data_date date not null,
  first_pushed_on date not null,
  file_id text not null,
  row_no bigint not null,
  primary key (list_code, case_id)
);
create index on core.pushed_case (case_key);
comment on table core.pushed_case is 'One appearance, standing content; link_basis says which evidence put it with its case.';
comment on column core.pushed_case.region_codes is 'Places in the province that it names, narrowest ones; empty when it names none.';
comment on column core.pushed_case.data_date is 'The first push that stated the standing content; file_id and row_no lead to it.';

create table core.case_unit (
  case_key text not null,
  unit_code text not null,
  reason text not null check (reason in ('region', 'province', 'industry')),
  referred_on date not null,
  primary key (case_key, unit_code)
);
comment on table core.case_unit is
  'Which reporting units, lead authority and departments a case concerns, why, and since which data date (A5).';

create table core.case_link_proposal (
  left_key text not null,
  right_key text not null,
  features jsonb not null,
  primary key (left_key, right_key)
);
comment on table core.case_link_proposal is
  'Weak evidence that two appearances are one event: for the review queue. Keys are list/case id, the smaller on the left.';

create table core.case_link_decision (
  decision_key text primary key,
  left_key text not null,
  right_key text not null,
  judgement text not null check (judgement in ('same', 'different')),
  decided_by text not null,
  decided_at timestamptz not null,
  deleted_at timestamptz
);
comment on table core.case_link_decision is
  'Input, never rebuilt: what people decided about two appearances; an earlier decision is marked, not removed.';

create table core.target (
  target_key text primary key,
  trigger_code text not null check (trigger_code in ('typical_case', 'worst_grade', 'notified')),
  case_key text,
  subject_key text,
  subject_name text,
  lead_unit_code text not null,
  opened_on date not null,
  due_on date not null,
  due_basis text not null check (due_basis in ('official', 'override', 'fallback', 'plan')),
  state text not null check (state in ('open', 'overdue', 'concluded')),
  basis jsonb not null
);
comment on table core.target is 'A case or subject to be verified; trigger_code names one of the notice''s three triggers (C1).';
comment on column core.target.basis is 'The evidence that opened it: appearances, or scale, cycles and grades, each with file_id and row_no; and its plan, where a department set one.';

create table core.referral (
  referral_key text primary key,
  target_key text not null,
  unit_code text not null,
  reason text not null check (reason in ('region', 'province', 'industry')),
  referred_on date not null,
  due_on date not null,
  due_basis text not null check (due_basis in ('official', 'override', 'fallback', 'plan')),
  state text not null check (state in ('open', 'overdue', 'concluded'))
);
create index on core.referral (unit_code);
comment on table core.referral is 'A target handed to one reporting unit or department; due_on counts working days.';
comment on column core.referral.due_basis is
  'official: every day between is on a published calendar; override: the centre set some; fallback: some are plain weekdays; plan: the day that the department''s plan names.';

create table core.verification (
  verification_key text primary key,
  target_key text,
  case_key text,
  list_code text not null,
  case_no text not null,
  subject_key text,
  party_name text,
  party_code text,
  unit_code text not null,
  verifier_name text not null,
  method_codes text[] not null,
  institution_name text,
  verdict_code text not null,
  concluded_on date not null,
  finding text,
  cause text,
  clarification text,
  clarification_release_code text,
  recognition_no text,
  recognised_on date,
  file_id text not null,
  row_no bigint not null
);
create index on core.verification (case_key);
comment on table core.verification is
  'The standing result of verifying one party of one target, with its recognition where there is one (C2). subject_key only by credit code.';

-- Claims and records (co-located on subject_key) ------------------------------------------------------------------------

create table core.claimed_file (
  file_id text primary key,
  kind text not null,
  run_id text not null
);
comment on table core.claimed_file is 'Files whose evidence stands in core.claim. Not distributed: one row per file.';

create table core.claim (
  subject_key text not null,
  claim_key text not null,
  candidate_key text not null,
  party_scheme text not null check (party_scheme in ('uscc', 'org_code', 'registration_no', 'person', 'name')),
  kind text not null,
  act text not null,
  fact_key text not null,
  document_key text,
  authority_key text,
  document_no text,
  document_on date,
  effective_on date,
  authority_name text,
  authority_code text,
  party_name text not null,
  party_code text,
  party_org_code text,
  party_registration_no text,
  party_category_code text,
  region_code text,
  unit_code text not null,
  is_entitled boolean not null,
  data_date date not null,
  revision integer not null default 0,
  sequence integer not null,
  content_hash text not null,
  file_id text not null,
  row_no bigint not null,
  body jsonb not null,
  known_at timestamptz not null,
  primary key (subject_key, claim_key)
) with (toast_tuple_target = 4096); -- a body compressed is unpacked again by each look into it
create index on core.claim (file_id);
create index on core.claim (candidate_key) where party_scheme <> 'uscc';
create index on core.claim (party_org_code) where party_scheme = 'org_code';
create index on core.claim (party_registration_no) where party_scheme in ('org_code', 'registration_no');
create index on core.claim (document_key);
create index on core.claim (core.comparable(party_name)) where party_scheme = 'name';
create index on core.claim (effective_on);
create index on core.claim (act) where act in ('recognition', 'shielding', 'supervision');
create index on core.claim (subject_key) where not is_entitled;
comment on table core.claim is
  'Evidence under its subject. act says what it does in the fold: determination, modification, revocation, verification, recognition, listing, delisting, objection, ruling, commitment, repair, shielding, registration.';
comment on column core.claim.is_entitled is 'Whether its unit may submit the kind for the place: by declaration, so a change of it makes all claims anew.';
comment on column core.claim.candidate_key is 'The key its own identifiers give; subject_key differs where registers or people say whose they are.';
comment on column core.claim.fact_key is 'The fact that rows state again: among the claims of one fact of one subject one stands.';
comment on column core.claim.document_key is 'Comparable number of the decision that the claim states or refers to; authority_key completes it.';

create table core.claim_move (
  subject_key text not null,
  claim_key text not null,
  target_key text not null,
  run_id text not null,
  primary key (subject_key, claim_key)
);
comment on table core.claim_move is 'Work of one build: claims whose subject is another than before. Empty between builds.';

create table core.standing_claim (
  subject_key text not null,
  fact_key text not null,
  claim_key text not null,
  primary key (subject_key, fact_key)
);
comment on table core.standing_claim is
  'Which claim of a fact stands (architecture, decision 4): of the content that stands, the claim that stated it first.';

create table core.determination (
  subject_key text not null,
  record_key text not null,
  claim_key text not null,
  determination_kind text not null check (determination_kind in ('penalty', 'recognition', 'listing')),
  fact_key text not null,
  case_key text,
  primary key (subject_key, record_key)
);
comment on table core.determination is 'A standing claim with the legal force to make a record (D1): a penalty, a listing, a recognition after a confirmed verification.';

create table core.record_event (
  subject_key text not null,
  record_key text not null,
  claim_key text not null,
  act text not null,
  primary key (subject_key, record_key, claim_key)
);
comment on table core.record_event is 'A standing claim that acts on a record of the same subject, by document and authority; act unentitled: one that would, had its unit been entitled.';

create table core.record_law (
  subject_key text not null,
  record_key text not null,
  correction_claim_key text,
  fine_yuan numeric(18, 2),
  penalty_text text,
  severity_code text not null,
  policy_rule text not null,
  is_policy_confirmed boolean not null,
  is_displayed boolean not null,
  display_until date,
  repairable_from date,
  primary key (subject_key, record_key)
);
comment on table core.record_law is 'Content after corrections and the publication window that the law of the document''s date gives it.';

create table core.record_hold (
  subject_key text not null,
  record_key text not null,
  hold_code text not null,
  primary key (subject_key, record_key, hold_code)
);
comment on table core.record_hold is 'What keeps a record from the public or inside the centre; policy disclosure says which class each hold gives.';

create table core.touched_subject (
  subject_key text not null,
  run_id text not null,
  reason text not null,
  is_moved boolean not null default false,
  primary key (subject_key, run_id)
);
comment on table core.touched_subject is 'Work of one build: the subjects it folds again, and whether claims moved to or from them.';

create function core.analyse(tables text[], only_grown boolean) returns void
  language plpgsql security definer set search_path = pg_catalog set default_statistics_target = 20
as $$
declare each text;
begin
  if exists (select from pg_extension where extname = 'citus') then
    return; -- its workers refuse a second user in one transaction: there autovacuum alone counts
  end if;
  for each in
    select t.name from unnest(tables) as t (name)
    inner join pg_class as c on c.oid = t.name::regclass
    where not only_grown or pg_relation_size(c.oid) > 1000000 + 8192 * c.relpages::bigint * 3 / 2
  loop
    execute format('analyze %s', each::regclass);
  end loop;
end $$;
comment on function core.analyse is
  'Statistics inside a build: what it just wrote, nobody has counted yet. only_grown: of tables that are larger by half and a megabyte than when last counted.';

create function core.word(hash text, place integer) returns bigint
  language sql immutable parallel safe
  return ('x' || substr(hash, 16 * place - 15, 16))::bit(64)::bigint;
comment on function core.word is 'One of the four 64-bit words of a SHA-256 in hexadecimal.';

create table core.digest_sum (
  family text primary key,
  line_count bigint not null,
  word_1 numeric not null,
  word_2 numeric not null,
  word_3 numeric not null,
  word_4 numeric not null
);
comment on table core.digest_sum is 'Sums of the hashes of derived rows by family, kept by each build: a digest without reading all rows. Not distributed: a handful of rows.';

create table core.record (
  subject_key text not null,
  record_key text not null,
  determination_kind text not null,
  catalogue_class_code text not null,
  document_no text not null,
  document_on date not null,
  authority_name text not null,
  authority_code text,
  party_name text not null,
  party_code text,
  party_category_code text not null,
  conduct_type text,
  fact text,
  basis text,
  penalty_text text,
  fine_yuan numeric(18, 2),
  confiscated_yuan numeric(18, 2),
  region_code text,
  unit_code text not null,
  case_key text,
  severity_code text not null,
  state text not null check (state in ('active', 'corrected', 'revoked', 'repaired', 'expired', 'shielded')),
  state_reason text,
  state_document_no text,
  state_on date,
  is_under_objection boolean not null,
  disclosure_class text not null check (disclosure_class in ('public', 'government', 'internal')),
  disclosure_reason text not null,
  display_from date,
  display_until date,
  repairable_from date,
  policy_rule text not null,
  is_policy_confirmed boolean not null,
  provenance jsonb not null,
  content_hash text not null,
  valid_on date not null,
  primary key (subject_key, record_key)
);
create index on core.record (display_until) where state in ('active', 'corrected');
comment on table core.record is 'Recognised untrustworthy conduct of one subject: a pure function of its claims as of valid_on. content_hash covers everything but valid_on.';
comment on column core.record.display_until is 'The last day of display; the record is expired from the day after.';
comment on column core.record.provenance is 'For each value group: file_id, row_no and document it came from.';

create table core.record_version (
  subject_key text not null,
  record_key text not null,
  version_no integer not null,
  valid_on date not null,
  known_at timestamptz not null,
  run_id text not null,
  change text not null check (change in ('created', 'changed', 'removed')),
  state text not null,
  state_reason text,
  content jsonb not null,
  content_hash text not null,
  primary key (subject_key, record_key, version_no)
);
comment on table core.record_version is 'Append-only: each content a record had, the business date it was computed for and when the centre knew it (D4).';

create table core.list_entry (
  subject_key text not null,
  entry_key text not null,
  list_code text not null,
  industry_code text,
  subject_name text not null,
  subject_code text,
  document_no text,
  authority_name text,
  listed_on date not null,
  removed_on date,
  display_until date,
  state text not null check (state in ('listed', 'removed', 'expired', 'revoked')),
  entry_reason text not null,
  exit_reason text,
  record_key text,
  provenance jsonb not null,
  content_hash text not null,
  valid_on date not null,
  primary key (subject_key, entry_key)
);
comment on table core.list_entry is 'list_code serious_dishonesty: from list decisions only; key_supervision: facts clear, below those criteria (F1, F2).';

create index on core.list_entry (display_until) where state = 'listed';

create table core.list_entry_version (
  subject_key text not null,
  entry_key text not null,
  version_no integer not null,
  valid_on date not null,
  known_at timestamptz not null,
  run_id text not null,
  change text not null check (change in ('created', 'changed', 'removed')),
  state text not null,
  content jsonb not null,
  content_hash text not null,
  primary key (subject_key, entry_key, version_no)
);

create table core.objection (
  subject_key text not null,
  objection_key text not null,
  record_key text,
  objection_no text not null,
  raised_on date not null,
  due_on date,
  ruled_on date,
  ruling_code text,
  reason text,
  state text not null check (state in ('open', 'upheld', 'rejected', 'unmatched')),
  file_id text not null,
  row_no bigint not null,
  primary key (subject_key, objection_key)
);

create table core.repair (
  subject_key text not null,
  repair_key text not null,
  record_key text,
  ruling_no text not null,
  ruled_on date not null,
  state text not null check (state in ('granted', 'too_early', 'refused', 'unmatched')),
  reason text,
  file_id text not null,
  row_no bigint not null,
  primary key (subject_key, repair_key)
);

-- Rows of one subject lie side by side, so a sample of pages takes the subjects of a large table for fewer than they are, a sixth
-- at ten million records, and the rows of each for more; the planner then reads a table whole that few subjects touch.
-- Said here instead: the share of rows that bear a subject of their own.
alter table core.subject_identifier alter column subject_key set (n_distinct = -0.3);
alter table core.name_index alter column subject_key set (n_distinct = -0.7);
alter table core.claim alter column subject_key set (n_distinct = -0.2);
alter table core.standing_claim alter column subject_key set (n_distinct = -0.2);
alter table core.determination alter column subject_key set (n_distinct = -0.2);
alter table core.record_event alter column subject_key set (n_distinct = -0.5);
alter table core.record_law alter column subject_key set (n_distinct = -0.2);
alter table core.record_hold alter column subject_key set (n_distinct = -0.5);
alter table core.record alter column subject_key set (n_distinct = -0.2);
alter table core.record_version alter column subject_key set (n_distinct = -0.2);
alter table core.list_entry alter column subject_key set (n_distinct = -0.5);
alter table core.list_entry_version alter column subject_key set (n_distinct = -0.5);
alter table core.objection alter column subject_key set (n_distinct = -0.5);
alter table core.repair alter column subject_key set (n_distinct = -0.5);
