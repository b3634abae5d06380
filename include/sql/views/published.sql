-- What readers of the public feed can fetch now, by the publication log.
-- Grain and key: one record of one audience (audience, subject_key, record_key). Safe to re-run: only a definition.
create or replace view share.published as
select audience, subject_key, record_key, content_hash, version_no
from (
  select distinct on (audience, record_key) audience, subject_key, record_key, content_hash, version_no, change
  from share.publication_change
  order by audience asc, record_key asc, version_no desc
) as latest
where change <> 'withdrawn';
