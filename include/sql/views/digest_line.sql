-- What the digest covers under a subject: each derived row as a hash of its content, free of known_at and valid_on.
-- Grain and key: one derived row (family, subject_key, content_hash). Safe to re-run: only a definition.
create or replace view core.digest_line as
select
    'record' as family,
    r.subject_key,
    r.content_hash
from core.record as r
union all
select
    'entry',
    e.subject_key,
    e.content_hash
from core.list_entry as e
union all
select
    'subject',
    s.subject_key,
    encode(sha256(convert_to(s::text, 'UTF8')), 'hex')
from core.subject as s
union all
select
    'identifier',
    i.subject_key,
    encode(sha256(convert_to(i::text, 'UTF8')), 'hex')
from core.subject_identifier as i
union all
select
    'objection',
    o.subject_key,
    encode(sha256(convert_to(o::text, 'UTF8')), 'hex')
from core.objection as o
union all
select
    'repair',
    p.subject_key,
    encode(sha256(convert_to(p::text, 'UTF8')), 'hex')
from core.repair as p;
