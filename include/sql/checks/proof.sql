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
select k.item_key
from unnest(%(keys)s::text[]) as k (item_key)
where (
    exists (select from core.record as r where r.record_key = k.item_key)
    or exists (select from core.list_entry as e where e.entry_key = k.item_key)
    or exists (select from core.record_version as v where v.record_key = k.item_key)
  )
  and not exists (select from share.shown as s where s.audience = 'public' and s.item_key = k.item_key)
order by k.item_key
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
