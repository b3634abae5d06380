-- Messages for the national platform: what changed since the last message about a record, in order per subject.
-- Grain: one message. Key: (subject_key, message_key); the key comes from content and ordinal and is the idempotency key.
-- Safe to re-run: a change is queued once, since the queue itself says what was last said of a record.

-- section: enqueue
insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, valid_on, known_at
)
with last_said as (
  select distinct on (record_key) subject_key, record_key, action, content_hash, region_code, class_code
  from share.outbox
  where kind = 'record'
  order by record_key asc, ordinal desc
),

wanted as (
  select subject_key, record_key, coalesce(region_code, '420000') as region_code, class_code, content, content_hash
  from share.disclosable_record
  where audience = 'government'
),

change as (
  select w.subject_key, w.record_key, 'upsert' as action, w.region_code, w.class_code, w.content as payload, w.content_hash
  from wanted as w
  left join last_said as l on l.record_key = w.record_key
  where not %(only_withdrawals)s
    and (l.record_key is null or l.action = 'withdraw' or l.content_hash <> w.content_hash)
  union all
  select l.subject_key, l.record_key, 'withdraw', l.region_code, l.class_code, '{}'::jsonb, l.content_hash
  from last_said as l
  where l.action = 'upsert' and not exists (select from wanted as w where w.record_key = l.record_key)
),

numbered as (
  select
    c.*,
    coalesce((select max(o.ordinal) from share.outbox as o where o.subject_key = c.subject_key), 0)
    + row_number() over (partition by c.subject_key order by c.record_key) as ordinal
  from change as c
)

select
  subject_key, core.key('record', record_key, action, content_hash, ordinal::text), ordinal, 'record', action, record_key,
  region_code, class_code, payload, content_hash, %(valid_on)s, %(known_at)s
from numbered;

-- section: retract
-- Content that waited while its record ended is never sent; the withdrawal is, since an answer may have been lost.
delete from share.outbox as o
where o.state = 'pending' and o.action = 'upsert'
  and exists (
    select from share.outbox as l
    where l.subject_key = o.subject_key and l.record_key = o.record_key and l.kind = o.kind
      and l.action = 'withdraw' and l.ordinal > o.ordinal
  );

-- section: again
-- A record that the platform does not hold as it should is said once more, with a key of its own.
insert into share.outbox (
  subject_key, message_key, ordinal, kind, action, record_key, region_code, class_code, payload, content_hash, valid_on, known_at
)
select
  o.subject_key, core.key('record', o.record_key, o.action, o.content_hash, (o.top + 1)::text), o.top + 1, 'record', o.action,
  o.record_key, o.region_code, o.class_code, o.payload, o.content_hash, %(valid_on)s, %(known_at)s
from (
  select distinct on (m.record_key)
    m.*, (select max(n.ordinal) from share.outbox as n where n.subject_key = m.subject_key) as top
  from share.outbox as m
  where m.kind = 'record' and m.record_key = %(record_key)s
  order by m.record_key asc, m.ordinal desc
) as o;

-- section: pending
select
  subject_key, message_key as idempotency_key, ordinal, action, kind, record_key, region_code, class_code, payload, content_hash
from share.outbox
where state = 'pending'
order by subject_key, ordinal;

-- section: acknowledge
insert into share.acknowledgement (subject_key, message_key, receipt_no, status, reason, known_at)
values (%(subject_key)s, %(message_key)s, %(receipt_no)s, %(status)s, %(reason)s, %(known_at)s)
on conflict (subject_key, message_key, receipt_no) do nothing;

-- section: settle
update share.outbox
set state = %(state)s, reason = %(reason)s, attempt_count = attempt_count + 1
where subject_key = %(subject_key)s and message_key = %(message_key)s;

-- section: said
-- What the platform should hold: the last message about each record.
select distinct on (record_key) record_key, action, coalesce(region_code, '420000') as region_code, class_code, content_hash, state
from share.outbox
where kind = 'record'
order by record_key asc, ordinal desc;

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
