-- What differs between the gate and what an audience was last shown: found for the subjects that are due, logged, then remembered.
-- Grain: one item of one audience (subject_key, audience, kind, item_key). Work grows with the subjects that are due, not with all.
-- Subjects are named in arrays of some thousands, so that the gate is asked by key whatever the planner knows of it.
-- Safe to re-run: a second look finds no difference. All sections of one look run in one transaction, under the build lock.

-- section: touched
-- A build says whom it folded again; a whole one touches all that was ever shown.
insert into share.due_subject (subject_key, audience)
select t.subject_key, a.audience
from core.touched_subject as t
cross join (values ('public'), ('government'), ('proof')) as a (audience)
where t.run_id = %(run_id)s
union
select target_key, 'government' -- a selected case stands under its target's key
from core.target
where trigger_code = 'typical_case'
union
select s.subject_key, a.audience
from share.shown as s
cross join lateral (values (s.audience), ('proof')) as a (audience)
where %(is_whole)s or s.kind = 'case_selection'
on conflict (subject_key, audience) do nothing;

-- section: gate_hash
select gate_hash from share.reader
where audience = %(audience)s;

-- section: all_due
insert into share.due_subject (subject_key, audience)
select subject_key, audience
from share.disclosable
where audience = %(audience)s
union
select subject_key, audience
from share.shown
where audience = %(audience)s
on conflict (subject_key, audience) do nothing;

-- section: fall_due
insert into share.due_subject (subject_key, audience)
select distinct subject_key, audience
from share.shown
where audience = %(audience)s and display_until < %(valid_on)s
on conflict (subject_key, audience) do nothing;

-- section: due
select subject_key from share.due_subject
where audience = %(audience)s and subject_key > %(after)s
order by subject_key
limit %(size)s;

-- section: log_withdrawn
insert into share.publication_change (subject_key, audience, kind, item_key, version_no, change, previous_hash)
with gated as materialized (
  select subject_key, kind, item_key from share.disclosable
  where audience = %(audience)s and subject_key = any(%(subject_keys)s)
)

select s.subject_key, s.audience, s.kind, s.item_key, %(version_no)s, 'withdrawn', s.content_hash
from share.shown as s
where s.audience || '' = %(audience)s and s.subject_key = any(%(subject_keys)s) -- by subject, whatever statistics say of an audience
  and not exists (
    select from gated as g
    where g.subject_key = s.subject_key and g.kind = s.kind and g.item_key = s.item_key
  );

-- section: hide
delete from share.shown as s
using share.publication_change as c
where c.audience = %(audience)s and c.version_no = %(version_no)s and c.change = 'withdrawn'
  and s.subject_key = c.subject_key and s.audience = c.audience and s.kind = c.kind and s.item_key = c.item_key;

-- section: show
insert into share.shown as s (
  subject_key, audience, kind, item_key, content_hash, version_no, added_in, display_until, sort_on, region_code, class_code
)
with known as materialized (
  select subject_key, kind, item_key from share.shown
  where %(only_withdrawals)s and audience || '' = %(audience)s and subject_key = any(%(subject_keys)s) -- by subject here too
)

select
  g.subject_key, g.audience, g.kind, g.item_key, g.content_hash, %(version_no)s, %(version_no)s as added_in, g.display_until, g.sort_on,
  g.region_code, g.class_code
from share.disclosable as g
where g.audience = %(audience)s and g.subject_key = any(%(subject_keys)s)
  and (not %(only_withdrawals)s or (g.subject_key, g.kind, g.item_key) in (select subject_key, kind, item_key from known))
on conflict (subject_key, audience, kind, item_key) do update
  set content_hash = excluded.content_hash, previous_hash = s.content_hash, version_no = excluded.version_no,
    display_until = excluded.display_until, sort_on = excluded.sort_on, region_code = excluded.region_code,
    class_code = excluded.class_code
  where s.content_hash <> excluded.content_hash;

-- section: log_shown
insert into share.publication_change (subject_key, audience, kind, item_key, version_no, change, content_hash, previous_hash)
select
  subject_key, audience, kind, item_key, version_no, case when added_in = version_no then 'added' else 'changed' end, content_hash,
  case when added_in < version_no then previous_hash end
from share.shown
where audience = %(audience)s and version_no = %(version_no)s;

-- section: hashes
select kind, item_key, content_hash, previous_hash
from share.publication_change
where audience = %(audience)s and version_no = %(version_no)s;

-- section: settle
delete from share.due_subject
where audience = %(audience)s;

-- section: compared
insert into share.reader (audience, gate_hash) values (%(audience)s, %(gate_hash)s)
on conflict (audience) do update set gate_hash = excluded.gate_hash;

-- section: latest
select version_no, valid_on, record_count, digest
from share.publication
where audience = %(audience)s
order by version_no desc
limit 1;

-- section: add_version
insert into share.publication (audience, version_no, valid_on, record_count, change_count, digest, known_at, run_id)
values (
  %(audience)s, %(version_no)s, %(valid_on)s, %(record_count)s, %(change_count)s, %(digest)s, %(known_at)s, %(run_id)s
);
