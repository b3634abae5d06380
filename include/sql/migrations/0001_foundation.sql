-- Schemas, roles, and the tables that say what arrived, what was found and who ran.
-- Grain: one row per file, pull, page, sighting, issue, run. Keys are derived from content, never from a sequence.
-- Safe to re-run: applied once by the migration runner, in one transaction.
-- On Citus: copied to every node or on the coordinator alone, see distribute.sql; small beside core, or read by file.

do $$
declare r text;
begin
  foreach r in array array['records_owner', 'records_loader', 'records_builder', 'records_sharer', 'bi_reader'] loop
    if not exists (select from pg_roles where rolname = r) then execute format('create role %I', r); end if;
  end loop;
end $$;

create schema ops;
create schema landing;
create schema quarantine;
create schema vault;
create schema ref;
create schema evidence;
create schema core;
create schema share;
create schema marts;

-- Keys and comparable forms ---------------------------------------------------------------------------------------

create function core.key(variadic parts text[]) returns text
  language sql immutable parallel safe
  return substr(encode(sha256(convert_to(array_to_string(parts, E'\x1f', E'\x1e'), 'UTF8')), 'hex'), 1, 32);
comment on function core.key is 'A 32-character key from stable values; NULL is marked, so it never equals an empty text.';

create function core.comparable(value text) returns text
  language sql immutable parallel safe
  -- what is left of white space after NFKC has no counterpart, so it goes; a pattern takes four times as long
  return upper(translate(
    normalize(value, NFKC), '()[]【】' || U&' \0009\000A\000B\000C\000D\0085\1680\2028\2029', '（）〔〕〔〕' -- noqa: CP02
  ));
comment on function core.comparable is 'The form in which names and document numbers are compared: NFKC, no blanks, one kind of bracket.';

-- Running -----------------------------------------------------------------------------------------------------------

create table ops.run (
  run_id text primary key,
  flow text not null,
  data_date date not null,
  valid_on date,
  known_at timestamptz not null,
  state text not null check (state in ('running', 'done', 'failed')),
  digest text,
  counts jsonb not null default '{}',
  reason text
);
comment on table ops.run is 'One run of one step; known_at is its commit time, taken once.';

create table ops.open_date (
  data_date date primary key,
  known_at timestamptz not null
);
comment on table ops.open_date is 'Data dates that a pull or an ingestion has worked for; the latest is the date that build and share compute for.';

create table ops.arrival (
  data_date date not null,
  flow text not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  primary key (data_date, flow)
);
comment on table ops.arrival is 'How far each ingestion flow is with a data date: ended_at is null from when its latest run began until it ends. Not distributed: small.';

create table ops.issue (
  issue_id text primary key,
  file_id text not null,
  row_no bigint,
  field text,
  issue_code text not null,
  severity text not null check (severity in ('error', 'warning', 'notice')),
  responsibility text not null check (responsibility in ('department', 'centre')),
  value text,
  message text not null,
  suggestion text,
  origin text not null default 'acceptance' check (origin in ('acceptance', 'fold', 'exchange')),
  known_at timestamptz not null
);
create index on ops.issue (file_id, row_no);
create index on ops.issue (issue_code);
comment on table ops.issue is
  'One finding on one field of one row. origin acceptance: from the file alone, kept for ever; fold: recomputed by each build; exchange: about a pull or a send. file_id names the pull where no file is the source.';

-- Landing -----------------------------------------------------------------------------------------------------------

create table landing.file (
  file_id text primary key,
  unit_code text not null,
  kind text,
  data_date date not null,
  sha256 text not null,
  file_name text not null,
  path text not null,
  byte_count bigint not null,
  sequence integer not null,
  format text,
  encoding text,
  template text,
  contract_version text,
  scope text check (scope in ('delta', 'replace')),
  state text not null check (state in ('accepted', 'refused')),
  reason text,
  row_count integer not null default 0,
  accepted_count integer not null default 0,
  quarantined_count integer not null default 0,
  duplicate_count integer not null default 0,
  skipped_count integer not null default 0,
  facts jsonb not null default '{}',
  known_at timestamptz not null,
  constraint rows_are_conserved
    check (row_count = accepted_count + quarantined_count + duplicate_count + skipped_count)
);
create index on landing.file (data_date, unit_code);
comment on table landing.file is 'One submission: unit, kind, data date and bytes. Invariant I1 is its constraint.';

create table landing.sighting (
  path text not null,
  fingerprint text not null,
  file_id text not null,
  known_at timestamptz not null,
  primary key (path, fingerprint)
);
comment on table landing.sighting is 'Where a file was seen. The sweep takes what has no sighting; the same bytes seen again point to the file they repeat.';

create table landing.attempt (
  path text not null,
  fingerprint text not null,
  attempt_count integer not null,
  known_at timestamptz not null,
  primary key (path, fingerprint)
);
comment on table landing.attempt is 'Files whose reading has begun and not ended: the process died, or is still at it. Not distributed: small.';

create table landing.pull (
  pull_id text primary key,
  feed text not null,
  data_date date not null,
  state text not null check (state in ('running', 'complete', 'incomplete')),
  cursor text,
  page_count integer not null default 0,
  row_count integer not null default 0,
  expected_count integer,
  reason text,
  known_at timestamptz not null,
  unique (feed, data_date)
);
comment on table landing.pull is 'One feed for one data date. An incomplete pull keeps what came and is resumed from its cursor.';

create table landing.page (
  pull_id text not null references landing.pull,
  page_no integer not null,
  sha256 text not null,
  body jsonb not null,
  known_at timestamptz not null,
  primary key (pull_id, page_no)
);
comment on table landing.page is 'A page as it came, for replay. page_no is the order of arrival within the pull.';

create table quarantine.row (
  file_id text not null,
  row_no bigint not null,
  kind text not null,
  row_values jsonb not null,
  issue_codes text[] not null,
  business_key text,
  replayed_at timestamptz,
  known_at timestamptz not null,
  primary key (file_id, row_no)
);
comment on table quarantine.row is 'A refused row with its values under the submitter''s own headers; personal ids are tokens.';
comment on column quarantine.row.business_key is 'The key that the row states, wrong parts included; null where the row does not fit the table.';

-- Vault -------------------------------------------------------------------------------------------------------------

create table vault.person_identifier (
  token text primary key,
  key_version text not null,
  scheme text not null,
  value text not null,
  file_id text not null,
  known_at timestamptz not null
);
comment on table vault.person_identifier is 'The only place that holds a natural person''s id.';

create table vault.token_key (
  key_version text primary key,
  fingerprint text not null,
  known_at timestamptz not null
);
comment on table vault.token_key is 'Which key each version was: a key that changes without its version would part persons from their records.';

create table vault.person_alias (
  token text primary key,
  key_version text not null,
  person_key text not null,
  known_at timestamptz not null
);
comment on table vault.person_alias is
  'Input, never rebuilt: each token of a person, whatever the key, leads to one lasting key, the first token the person ever had.';

create function vault.lasting(value text) returns text
  language sql stable parallel safe
  begin atomic
    select string_agg(p.part[1] || coalesce(a.person_key, p.part[2]), '' order by p.place)
    from regexp_matches(value, '(.*?)(pid[0-9A-Za-z]*-[0-9a-f]{32}|$)', 'g') with ordinality as p (part, place)
    left join vault.person_alias as a on a.token = p.part[2];
  end;
comment on function vault.lasting is 'A text with each token replaced by the lasting key of its person.';

create table vault.access (
  token text not null,
  reader text not null,
  purpose text not null,
  known_at timestamptz not null
);

create function vault.reveal(wanted text, purpose text, known_at timestamptz) returns text
  language sql volatile security definer set search_path = pg_catalog
  begin atomic
    insert into vault.access (token, reader, purpose, known_at) values (wanted, session_user, purpose, known_at);
    select value from vault.person_identifier where token = wanted;
  end;
comment on function vault.reveal is 'The only way to read an id; each call leaves a row in vault.access.';
revoke all on function vault.reveal from public;

-- Reference ---------------------------------------------------------------------------------------------------------

create table ref.declaration (
  name text primary key,
  sha256 text not null,
  known_at timestamptz not null
);
comment on table ref.declaration is 'Which content of each declaration file the ref tables hold; part of the digest.';

create table ref.code (
  list_code text not null,
  code text not null,
  label text not null,
  attributes jsonb not null default '{}',
  primary key (list_code, code)
);
comment on table ref.code is 'Every code list under include/schemas/codes; list_code is the file name without its ending.';

create table ref.policy (
  policy_code text not null,
  rule_code text not null,
  effective_from date not null,
  effective_until date,
  body jsonb not null,
  legal_basis text not null,
  is_confirmed boolean not null,
  primary key (policy_code, rule_code, effective_from)
);
comment on table ref.policy is 'Dated rules from include/schemas/policies: one row per rule and period; is_confirmed false means: from memory, not read in a source.';

create table ref.calendar (
  day date primary key,
  is_working boolean not null,
  working_day_no integer not null,
  basis text not null
);
create index on ref.calendar (working_day_no);
comment on table ref.calendar is 'Working days; basis says official or weekday fallback. working_day_no counts working days up to and including the day, so a due date is a look-up.';
