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
with said_again as materialized (
  select distinct item_key from share.publication_change
  where audience = 'government' and version_no = %(version_no)s and change <> 'withdrawn'
),

change as (
  select s.subject_key, s.kind, s.item_key, 'upsert' as action, s.region_code, s.class_code, g.content as payload, s.content_hash
  from share.shown as s
  inner join share.disclosable as g
    on g.subject_key = s.subject_key and g.kind = s.kind and g.item_key = s.item_key
  where s.audience = 'government' and s.version_no = %(version_no)s and s.subject_key = any(%(subject_keys)s)
    and g.audience = 'government' and g.subject_key = any(%(subject_keys)s)
  union all
  -- an item that moved to another subject is said again by that one; a withdrawal might come after it
  select c.subject_key, c.kind, c.item_key, 'withdraw', l.region_code, l.class_code, '{}'::jsonb, c.previous_hash
  from share.publication_change as c
  cross join lateral (
    select o.region_code, o.class_code
    from share.outbox as o
    where o.subject_key = c.subject_key and o.record_key = c.item_key and o.kind = c.kind
    order by o.ordinal desc
    limit 1
  ) as l
  where c.audience = 'government' and c.version_no = %(version_no)s and c.change = 'withdrawn'
    and c.subject_key = any(%(subject_keys)s)
    and c.item_key not in (select item_key from said_again)
),

latest as (
  select subject_key, max(ordinal) as ordinal
  from share.outbox
  where subject_key in (select subject_key from change)
  group by subject_key
),

numbered as (
  select
    c.*,
    coalesce(l.ordinal, 0) + row_number() over (partition by c.subject_key order by c.kind, c.item_key) as ordinal
  from change as c
  left join latest as l on l.subject_key = c.subject_key
)

select
  subject_key, core.key(kind, item_key, action, content_hash, ordinal::text), ordinal, kind, action, item_key,
  region_code, class_code, payload, content_hash, %(version_no)s, %(valid_on)s, %(known_at)s
from numbered;

-- section: retract
-- What waited while something newer was to be said of the same item is never sent; the newer message is.
delete from share.outbox
where state = 'pending' and version_no < %(version_no)s
  and (kind, record_key) in (
    select kind, item_key from share.publication_change
    where audience = 'government' and version_no = %(version_no)s
  );

-- section: again
-- An item that the platform does not hold as it should is said once more, with a key of its own. What waits is sent anyway,
-- and a dead letter stays one.
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
where o.state = 'acknowledged';

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
-- How the last word on some items stands.
select distinct on (kind, record_key) kind, record_key, state, action
from share.outbox
where kind = %(kind)s and record_key = any(%(record_keys)s)
order by kind asc, record_key asc, version_no desc, ordinal desc;

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
