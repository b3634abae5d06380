-- What leaves the centre: the outbox, the publication log, withdrawals.
-- Grain: stated at each table. Keys: led by subject_key where they grow with subjects.
-- Safe to re-run: applied once by the migration runner, in one transaction.
-- The gate itself (share.disclosable_record) is a view in include/sql/share/gate.sql, made again after each migration.

create table share.withdrawal (
  subject_key text not null,
  record_key text not null,
  reason text not null,
  document_no text,
  withdrawn_on date not null,
  known_at timestamptz not null,
  primary key (subject_key, record_key)
);
comment on table share.withdrawal is 'Records that evidence or a date has ended, found without a build: the gate holds them back at once. Recomputed by each withdraw task.';

create table share.outbox (
  subject_key text not null,
  message_key text not null,
  ordinal integer not null,
  kind text not null check (kind in ('record', 'case_selection', 'verification_report', 'supervision_start', 'training', 'repair')),
  action text not null check (action in ('upsert', 'withdraw')),
  record_key text not null,
  region_code text not null,
  class_code text not null,
  payload jsonb not null,
  content_hash text not null,
  version_no integer not null,
  state text not null default 'pending' check (state in ('pending', 'acknowledged', 'rejected')),
  attempt_count integer not null default 0,
  reason text,
  valid_on date not null,
  known_at timestamptz not null,
  primary key (subject_key, message_key)
);
create index on share.outbox (subject_key, ordinal) where state = 'pending';
create index on share.outbox (record_key);
comment on table share.outbox is 'Messages for the national platform in order per subject. message_key is the idempotency key, from kind, record, action, content and ordinal.';
comment on column share.outbox.state is 'rejected: a dead letter, with the platform''s reason. It is not sent again until its content changes or people say so.';

create table share.acknowledgement (
  subject_key text not null,
  message_key text not null,
  receipt_no text not null,
  status text not null check (status in ('stored', 'duplicate', 'rejected')),
  reason text,
  known_at timestamptz not null,
  primary key (subject_key, message_key, receipt_no)
);
comment on table share.acknowledgement is 'Input, never rebuilt: what the platform answered.';

create table share.reader (
  audience text primary key check (audience in ('public', 'government', 'proof')),
  gate_hash text not null,
  version_no integer
);
comment on table share.reader is 'The definition of the gate that an audience was last compared with: after another one, everything is compared.';
comment on column share.reader.version_no is 'Of the proof: the public version that it last proved.';

create table share.due_subject (
  subject_key text not null,
  audience text not null,
  primary key (subject_key, audience)
);
comment on table share.due_subject is 'Subjects whose disclosure may have changed since an audience''s exit, or the proof, last looked. A build adds those it touched; who looked takes them out.';

create table share.shown (
  subject_key text not null,
  audience text not null,
  kind text not null,
  item_key text not null,
  content_hash text not null,
  previous_hash text,
  version_no integer not null,
  added_in integer not null,
  display_until date not null,
  sort_on date not null,
  region_code text not null,
  class_code text not null,
  primary key (subject_key, audience, kind, item_key)
);
create index on share.shown (audience, version_no);
create index on share.shown (audience, display_until);
create index on share.shown (audience, kind, sort_on desc);
comment on table share.shown is 'What an audience was last shown or told: the difference to the gate is what must be published or sent. Keys and hashes, no content.';
comment on column share.shown.version_no is 'The version that last changed the item; added_in is the one that brought it.';

create table share.publication (
  audience text not null check (audience in ('public', 'government')),
  version_no integer not null,
  valid_on date not null,
  record_count integer not null,
  change_count integer not null,
  digest text not null,
  known_at timestamptz not null,
  run_id text not null,
  primary key (audience, version_no)
);
comment on table share.publication is 'Input, never rebuilt: each version that readers could fetch, or that was queued for the platform.';
comment on column share.publication.digest is 'Sum modulo 2^256 of SHA-256 over ''kind item_key content_hash'' of every item: order does not matter, and a change costs its own size.';

create table share.publication_change (
  subject_key text not null,
  audience text not null,
  kind text not null,
  item_key text not null,
  version_no integer not null,
  change text not null check (change in ('added', 'changed', 'withdrawn')),
  content_hash text,
  previous_hash text,
  primary key (subject_key, audience, kind, item_key, version_no)
);
create index on share.publication_change (audience, version_no);
comment on table share.publication_change is 'What each version added, changed or withdrew. It holds keys and hashes, never withdrawn content.';

-- Who may do what -------------------------------------------------------------------------------------------------------

grant usage on schema ops, landing, quarantine, vault, ref, evidence, core to records_loader;
grant select, insert, update on all tables in schema ops, landing, quarantine, evidence to records_loader;
grant delete on ops.issue, landing.attempt to records_loader;
grant select on all tables in schema ref to records_loader;
grant insert, select (token) on vault.person_identifier to records_loader; -- on conflict (token) reads the token
grant select, insert on vault.person_alias, vault.token_key, core.rekey to records_loader;
grant usage on schema vault to records_builder;
grant select on vault.person_alias to records_builder; -- tokens and lasting keys, no ids
grant usage on schema vault, core to records_owner;
grant select, insert on all tables in schema vault to records_owner;
grant select, insert on core.rekey to records_owner;

grant usage on schema ops, landing, ref, evidence, core, share to records_builder;
grant select on all tables in schema landing, ref, evidence, quarantine to records_builder;
grant usage on schema quarantine to records_builder;
grant select, insert, update, delete on all tables in schema ops, core to records_builder;
grant select, insert, update, delete on share.withdrawal to records_builder;
grant select, insert, delete on share.due_subject to records_builder;
grant select, insert, update on share.reader to records_builder;

grant usage on schema ops, ref, share to records_sharer;
grant select on all tables in schema ref to records_sharer;
grant select, insert, update, delete on all tables in schema share to records_sharer;
grant select, insert, update on ops.run, ops.issue, ops.open_date to records_sharer;
