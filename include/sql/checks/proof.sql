-- What the proof compares: what must be found outside, and what must not. Grain: one item. Reads only, but for `due`.

-- section: shown
-- What the public is shown, by the log.
select kind, item_key, content_hash from share.shown
where audience = 'public';

-- section: digest
select digest from share.publication
where audience = 'public'
order by version_no desc
limit 1;

-- section: missed
-- Where the gate and the log disagree: an exit has not looked at a subject that it should have looked at.
select coalesce(g.audience, s.audience) as audience, coalesce(g.subject_key, s.subject_key) as subject_key,
  coalesce(g.item_key, s.item_key) as item_key
from share.disclosable as g
full outer join share.shown as s
  on g.subject_key = s.subject_key and g.audience = s.audience and g.kind = s.kind and g.item_key = s.item_key
where g.content_hash is distinct from s.content_hash
order by subject_key, item_key
limit 1000;

-- section: due
insert into share.due_subject (subject_key, audience) values (%(subject_key)s, %(audience)s)
on conflict (subject_key, audience) do nothing;

-- section: of_core
-- Which of some keys are records or entries of core that the public may not see.
select item_key
from (
  (
    select record_key as item_key from core.record
    where record_key = any(%(keys)s)
    union
    select entry_key from core.list_entry
    where entry_key = any(%(keys)s)
    union
    select record_key from core.record_version
    where record_key = any(%(keys)s)
  )
  except
  select item_key from share.shown
  where audience = 'public' and item_key = any(%(keys)s)
) as found
order by item_key
limit 1;

-- section: ended
select count(*) from core.record as r
where not exists (
  select from share.shown as s
  where s.audience = 'public' and s.kind = 'record' and s.subject_key = r.subject_key and s.item_key = r.record_key
);

-- section: marts
-- A record that marts hold otherwise than core, or no longer should hold.
select coalesce(f.record_key, r.record_key) as record_key
from marts.fact_record as f
full outer join core.record as r on f.subject_key = r.subject_key and f.record_key = r.record_key
where f.content_hash is distinct from r.content_hash
order by record_key
limit 1;
