-- The publication log: which version holds which record, so that deltas can be read and nothing withdrawn is kept.
-- Grain: one version (audience, version_no); one change (subject_key, audience, record_key, version_no).
-- Safe to re-run: a version is added only when the content behind the gate differs from what the log says is published.

-- section: wanted
select d.record_key, d.subject_key, d.content_hash, d.display_until, d.content
from share.disclosable_record as d
where d.audience = 'public'
  and (
    not %(only_withdrawals)s
    or exists (select from share.published as p where p.audience = 'public' and p.record_key = d.record_key)
  )
order by d.record_key;

-- section: list_entries
select list_code, display_until, content
from share.disclosable_list_entry
order by list_code, content ->> 'subject_name', entry_key;

-- section: latest
select version_no, valid_on, digest
from share.publication
where audience = 'public'
order by version_no desc
limit 1;

-- section: published
select record_key, subject_key, content_hash
from share.published
where audience = 'public';

-- section: add_version
insert into share.publication (audience, version_no, valid_on, record_count, digest, known_at, run_id)
values ('public', %(version_no)s, %(valid_on)s, %(record_count)s, %(digest)s, %(known_at)s, %(run_id)s);

-- section: add_change
insert into share.publication_change (subject_key, audience, record_key, version_no, change, content_hash)
values (%(subject_key)s, 'public', %(record_key)s, %(version_no)s, %(change)s, %(content_hash)s);

-- section: versions
select version_no, valid_on, record_count, digest
from share.publication
where audience = 'public'
order by version_no desc
limit 100;

-- section: changes
-- The latest change of each record after a version: what a reader of that version must apply.
select record_key, max(version_no) as version_no
from share.publication_change
where audience = 'public'
group by record_key;
