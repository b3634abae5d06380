-- What the proof compares: what must be found outside, and what must not. Grain: one item. Reads only, but for `looked_at` and
-- `proved`. A build may end between the exits and the proof: who is due for an exit is proved after it.

-- section: shown
-- What the public is shown, by the log.
select kind, item_key from share.shown
where audience = 'public';

-- section: digest
select digest from share.publication
where audience = 'public'
order by version_no desc
limit 1;

-- section: missed
-- Where the gate and the log disagree: an exit has not looked at a subject that it should have looked at. After a whole build all
-- subjects are due: a list that is joined, not gone through for each.
with due as materialized (
  select subject_key, audience from share.due_subject
)

select coalesce(g.audience, s.audience) as audience, coalesce(g.item_key, s.item_key) as item_key
from share.disclosable as g
full outer join share.shown as s
  on g.subject_key = s.subject_key and g.audience = s.audience and g.kind = s.kind and g.item_key = s.item_key
left join due as d
  on d.subject_key = coalesce(g.subject_key, s.subject_key) and d.audience = coalesce(g.audience, s.audience)
where g.content_hash is distinct from s.content_hash
  and d.subject_key is null
  and coalesce(g.audience, s.audience) <> all(%(behind)s)
order by item_key
limit 1000;

-- section: behind
-- Of a data date that was opened since an exit last looked, the gate knows and the log cannot: what ends with the day before, for one.
select audience from share.publication
group by audience
having max(valid_on) < (select data_date from share.open_date)
order by audience;

-- section: proven
-- What the last proof was of: the gate's definition and the public version; and the version that there is now.
select r.gate_hash, r.version_no as proven_no, p.version_no, p.record_count
from share.publication as p
left join share.reader as r on r.audience = 'proof'
where p.audience = 'public'
order by p.version_no desc
limit 1;

-- section: concerned
-- Subjects of which anything may have changed since the last proof.
select subject_key from share.due_subject
where audience = 'proof'
union
select subject_key from share.publication_change
where audience = 'public' and version_no > %(since)s;

-- section: missed_of
-- The same as missed, for some subjects.
with gated as materialized (
  select audience, subject_key, kind, item_key, content_hash from share.disclosable
  where subject_key = any(%(subject_keys)s)
),

logged as materialized (
  select audience, subject_key, kind, item_key, content_hash from share.shown
  where subject_key = any(%(subject_keys)s)
),

due as materialized (
  select subject_key, audience from share.due_subject
  where subject_key = any(%(subject_keys)s)
)

select coalesce(g.audience, s.audience) as audience, coalesce(g.item_key, s.item_key) as item_key
from gated as g
full outer join logged as s
  on g.subject_key = s.subject_key and g.audience = s.audience and g.kind = s.kind and g.item_key = s.item_key
left join due as d
  on d.subject_key = coalesce(g.subject_key, s.subject_key) and d.audience = coalesce(g.audience, s.audience)
where g.content_hash is distinct from s.content_hash
  and d.subject_key is null
  and coalesce(g.audience, s.audience) <> all(%(behind)s)
order by item_key;

-- section: waiting
select count(distinct subject_key) from (
  select subject_key from share.due_subject
  where audience <> 'proof'
  union all
  select subject_key from core.unpublished_subject
  where %(has_marts)s
) as w;

-- section: shown_of
-- What the public is shown of some subjects, and the version that last changed it.
select kind, item_key, content_hash, version_no from share.shown
where audience = 'public' and subject_key = any(%(subject_keys)s);

-- section: stated_of
-- Every version that said anything of an item of some subjects.
select distinct kind, item_key, version_no from share.publication_change
where audience = 'public' and subject_key = any(%(subject_keys)s);

-- section: named_of
-- All names and numbers under which core ever knew the records of some subjects: where the search may lead to them.
select record_key, content ->> 'party_name', content ->> 'party_code', content ->> 'document_no'
from core.record_version
where subject_key = any(%(subject_keys)s)
union
select record_key, party_name, party_code, document_no from core.record
where subject_key = any(%(subject_keys)s);

-- section: marts_of
-- The same as marts, for some subjects.
with told as materialized (
  select subject_key, record_key, content_hash from marts.fact_record
  where subject_key = any(%(subject_keys)s)
),

known as materialized (
  select subject_key, record_key, content_hash from core.record
  where subject_key = any(%(subject_keys)s)
),

due as materialized (
  select subject_key from core.unpublished_subject
  where subject_key = any(%(subject_keys)s)
)

select coalesce(t.record_key, k.record_key) as record_key
from told as t
full outer join known as k on t.subject_key = k.subject_key and t.record_key = k.record_key
left join due as d on d.subject_key = coalesce(t.subject_key, k.subject_key)
where t.content_hash is distinct from k.content_hash
  and d.subject_key is null
order by record_key
limit 1;

-- section: looked_at
with due as materialized (
  select subject_key from share.due_subject
  where audience <> 'proof' and subject_key = any(%(subject_keys)s)
  union all
  select subject_key from core.unpublished_subject
  where %(has_marts)s and subject_key = any(%(subject_keys)s)
)

delete from share.due_subject as p
where p.audience = 'proof' and p.subject_key = any(%(subject_keys)s)
  and p.subject_key not in (select subject_key from due);

-- section: proved
insert into share.reader (audience, gate_hash, version_no) values ('proof', %(gate_hash)s, %(version_no)s)
on conflict (audience) do update set gate_hash = excluded.gate_hash, version_no = excluded.version_no;

-- section: half_proved
-- The next proof is of the whole.
update share.reader set gate_hash = ''
where audience = 'proof';

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
with due as materialized (
  select subject_key from core.unpublished_subject
)

select coalesce(f.record_key, r.record_key) as record_key
from marts.fact_record as f
full outer join core.record as r on f.subject_key = r.subject_key and f.record_key = r.record_key
left join due as d on d.subject_key = coalesce(f.subject_key, r.subject_key)
where f.content_hash is distinct from r.content_hash
  and d.subject_key is null
order by record_key
limit 1;
