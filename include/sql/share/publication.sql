-- What the publisher of the public column reads: content behind the gate by version, and what left.
-- Grain: stated at each section. Safe to re-run: reads only, but for `unproven`. Content is read under the lock of its version's log.

-- section: shown_since
-- One item that was added or changed after a version, with the version that did so.
select subject_key, kind, item_key, version_no, content_hash, display_until, sort_on
from share.shown
where audience = 'public' and version_no > %(since)s;

-- section: shown_all
-- The same of all items, in the order in which shards are written.
select subject_key, kind, item_key, version_no, content_hash, display_until, sort_on
from share.shown
where audience = 'public'
order by kind, item_key;

-- section: contents
-- What the gate lets out of some subjects. Read under the lock under which it was logged, so the hashes agree.
select kind, item_key, content
from share.disclosable
where audience = 'public' and subject_key = any(%(subject_keys)s);

-- section: gone_since
-- One item that was withdrawn after a version and is not shown again: its last withdrawal.
select c.kind, c.item_key, max(c.version_no)
from share.publication_change as c
where c.audience = 'public' and c.version_no > %(since)s and c.change = 'withdrawn'
  and not exists (
    select from share.shown as s
    where s.subject_key = c.subject_key and s.audience = c.audience and s.kind = c.kind and s.item_key = c.item_key
  )
group by c.kind, c.item_key;

-- section: stated_before
-- Older versions whose delta still names one of the items that changed or left after a version.
select distinct b.version_no, b.kind, b.item_key
from share.publication_change as c
inner join share.publication_change as b
  on b.subject_key = c.subject_key and b.audience = c.audience and b.kind = c.kind and b.item_key = c.item_key
where c.audience = 'public' and c.version_no > %(since)s and b.version_no <= %(since)s and b.version_no > %(oldest)s;

-- section: labels
-- The words of the column.
select code, label from ref.code
where list_code = 'portal';

-- section: counts
select kind, class_code, count(*) from share.shown
where audience = 'public'
group by kind, class_code;

-- section: newest
select subject_key, kind, item_key, version_no, content_hash, display_until, sort_on
from share.shown
where audience = 'public' and kind = %(kind)s and (%(class_code)s = '' or class_code = %(class_code)s)
order by sort_on desc, item_key asc
limit %(size)s;

-- section: unproven
-- What was written as a whole is proved as a whole.
delete from share.reader
where audience = 'proof';

-- section: versions
select version_no, valid_on, record_count, change_count, digest
from share.publication
where audience = 'public'
order by version_no desc
limit 100;

-- section: recent
-- The records that changed last, with the date that the change held for.
select s.subject_key, s.kind, s.item_key, s.version_no, s.content_hash, s.display_until, p.valid_on
from (
  select subject_key, kind, item_key, version_no, content_hash, display_until
  from share.shown
  where audience = 'public' and kind = 'record'
  order by version_no desc, item_key asc
  limit 100
) as s
inner join share.publication as p on p.audience = 'public' and s.version_no = p.version_no
order by s.version_no desc, s.item_key asc;
