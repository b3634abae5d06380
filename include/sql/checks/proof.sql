-- What the proof compares: what must be found outside, and what must not. Grain: one record. Reads only.

-- section: public
select record_key, content_hash
from share.disclosable_record
where audience = 'public';

-- section: ended
-- Everything that core says has ended or may not be seen by an audience.
select r.record_key, a.audience
from core.record as r
cross join (values ('public'), ('government')) as a (audience)
where not exists (
  select from share.disclosable_record as d
  where d.audience = a.audience and d.record_key = r.record_key
);

-- section: told
-- The last word to the platform on each record.
select distinct on (record_key) record_key, action
from share.outbox
where kind = 'record'
order by record_key asc, ordinal desc;
