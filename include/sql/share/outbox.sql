-- Messages for the national platform: what changed since the platform was last told, in order per subject.
-- Grain: one message. Key: (subject_key, message_key); the key comes from content and ordinal and is the idempotency key.
-- Safe to re-run: a version of the audience government is queued in the transaction that logs it.

-- section: changed_subjects
select distinct subject_key from share.publication_change
where audience = 'government' and version_no = %(version_no)s
order by subject_key;

-- section: enqueue
insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, version_no, valid_on,
  known_at
)
with gated as materialized (
  select subject_key, kind, item_key, content
  from share.disclosable
  where audience = 'government' and subject_key = any(%(subject_keys)s)
),

ended as materialized (
  select subject_key, kind, item_key, previous_hash from share.publication_change
  where audience = 'government' and version_no = %(version_no)s and change = 'withdrawn' and subject_key = any(%(subject_keys)s)
),

-- an item that moved to another subject is said again by that one; a withdrawal might come after it
said_again as materialized (
  select item_key from share.publication_change
  where audience = 'government' and version_no = %(version_no)s and change <> 'withdrawn' and item_key in (select item_key from ended)
),

last_said as materialized (
  select distinct on (o.subject_key, o.kind, o.record_key)
    o.subject_key, o.kind, o.record_key as item_key, o.region_code, o.class_code
  from ended as e
  inner join share.outbox as o on o.subject_key = e.subject_key and o.kind = e.kind and o.record_key = e.item_key
  order by o.subject_key asc, o.kind asc, o.record_key asc, o.ordinal desc
),

last_ordinal as materialized (
  select subject_key, max(ordinal) as ordinal
  from share.outbox
  where subject_key = any(%(subject_keys)s)
  group by subject_key
),

-- What is looked up of the subjects is read through their keys: in the transaction that shows a million items, statistics know
-- none of this audience. The joined text keeps the planner from counting on them.
change as (
  select g.subject_key, g.kind, g.item_key, 'upsert' as action, s.region_code, s.class_code, g.content as payload, s.content_hash
  from gated as g
  inner join share.shown as s
    on s.subject_key = g.subject_key
    and s.audience || s.version_no || s.kind || s.item_key = 'government' || %(version_no)s || g.kind || g.item_key
  where s.subject_key = any(%(subject_keys)s)
  union all
  select e.subject_key, e.kind, e.item_key, 'withdraw', l.region_code, l.class_code, '{}'::jsonb, e.previous_hash
  from ended as e
  inner join last_said as l on l.subject_key = e.subject_key and l.kind = e.kind and l.item_key = e.item_key
  where e.item_key not in (select item_key from said_again)
),

numbered as (
  select
    c.*,
    coalesce(l.ordinal, 0) + row_number() over (partition by c.subject_key order by c.kind, c.item_key) as ordinal
  from change as c
  left join last_ordinal as l on l.subject_key = c.subject_key
)

select
  subject_key, core.key(kind, item_key, action, content_hash, ordinal::text), ordinal, kind, action, item_key,
  region_code, class_code, payload, content_hash, %(version_no)s, %(valid_on)s, %(known_at)s
from numbered;

-- section: changed
-- Whose messages changed, for the next publication of the marts.
insert into share.unpublished_subject (subject_key)
select unnest(%(subject_keys)s::text[]);

-- section: retract
-- What waited while something newer was to be said of the same item is never sent; the newer message is.
with older as materialized (
  select subject_key, message_key, kind, record_key from share.outbox
  where state = 'pending' and version_no < %(version_no)s
),

newer as materialized (
  select kind, item_key from share.publication_change
  where audience = 'government' and version_no = %(version_no)s and item_key in (select record_key from older)
)

delete from share.outbox as o
using older as p
where o.subject_key = p.subject_key and o.message_key = p.message_key and (p.kind, p.record_key) in (select kind, item_key from newer)
returning o.subject_key;

-- section: again
-- An item that the platform does not hold as it should is said once more, with a key of its own. What waits is sent anyway, and a
-- dead letter stays one, but for a withdrawal: its content can never change, and it must arrive some day (E6).
insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, version_no, valid_on,
  known_at
)
select
  o.subject_key, core.key(o.kind, o.record_key, o.action, o.content_hash, (o.top + 1)::text), o.top + 1, o.kind, o.action,
  o.record_key, o.region_code, o.class_code, o.payload, o.content_hash, o.version_no, %(valid_on)s, %(known_at)s
from (
  select distinct on (m.kind, m.record_key)
    m.*, (select max(n.ordinal) from share.outbox as n where n.subject_key = m.subject_key) as top
  from share.outbox as m
  where m.kind = %(kind)s and m.record_key = %(record_key)s
  order by m.kind asc, m.record_key asc, m.version_no desc, m.ordinal desc
) as o
where o.state = 'acknowledged' or (o.state = 'rejected' and o.action = 'withdraw')
returning subject_key;

-- section: pending
select
  subject_key, message_key as idempotency_key, ordinal, action, kind, record_key, region_code, class_code, payload, content_hash
from share.outbox
where state = 'pending' and (subject_key, ordinal) > (%(subject_key)s, %(ordinal)s)
order by subject_key, ordinal
limit %(size)s;

-- section: waiting
select count(*) from share.outbox
where state = 'pending';

-- section: acknowledge
insert into share.acknowledgement (subject_key, message_key, receipt_no, status, reason, known_at)
values (%(subject_key)s, %(message_key)s, %(receipt_no)s, %(status)s, %(reason)s, %(known_at)s)
on conflict (subject_key, message_key, receipt_no) do nothing;

-- section: settle
update share.outbox
set state = %(state)s, reason = %(reason)s, attempt_count = attempt_count + 1
where subject_key = %(subject_key)s and message_key = %(message_key)s;

-- section: tried
update share.outbox
set attempt_count = attempt_count + 1, reason = %(reason)s
where subject_key = %(subject_key)s and message_key = %(message_key)s and state = 'pending';

-- section: should_hold
-- Count and digest of what the platform should hold, by kind, region and class, as openapi.yaml defines a Group.
select
  kind, region_code, class_code, count(*),
  encode(sha256(convert_to(string_agg(item_key || ' ' || content_hash || chr(10), '' order by item_key collate "C"), 'UTF8')), 'hex')
from share.shown
where audience = 'government'
group by kind, region_code, class_code;

-- section: should_hold_of
select item_key, content_hash
from share.shown
where audience = 'government' and kind = %(kind)s and region_code = %(region_code)s and class_code = %(class_code)s;

-- section: last_state
-- How the last word on each of some items stands, and whether it waits while no word that was answered took the item back.
select
  record_key,
  (array_agg(state order by version_no desc, ordinal desc))[1],
  bool_or(state = 'pending')
  and coalesce((array_agg(action order by version_no desc, ordinal desc) filter (where state <> 'pending'))[1], '') <> 'withdraw'
from share.outbox
where kind = %(kind)s and record_key = any(%(record_keys)s)
group by record_key;

-- section: raise_issue
insert into ops.issue (
  issue_id, file_id, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
select
  core.key(%(file_id)s, code, %(value)s), %(file_id)s, 'record_key', code, attributes ->> 'severity',
  attributes ->> 'responsibility', %(value)s, attributes ->> 'message', attributes ->> 'fix', 'exchange', %(known_at)s
from ref.code
where list_code = 'issues' and code = %(issue_code)s
on conflict (issue_id) do nothing;
