-- Records by both times (D4). Grain: one record. Key: record_key. Safe to re-run: reads only.
-- %(day)s is a business date, %(known)s what the centre knew by then (NULL: all it knows), %(key)s one record (NULL: every one).

-- section: held
-- What held on a day, as far as it was known: the last version known by then, seen from that day.
with known as (
    select distinct on (v.subject_key, v.record_key)
        v.subject_key,
        v.record_key,
        v.version_no,
        v.change,
        v.known_at,
        v.run_id,
        v.content,
        v.state,
        (v.content ->> 'document_on')::date as document_on,
        (v.content ->> 'display_until')::date as display_until,
        (v.content ->> 'state_on')::date as state_on
    from core.record_version as v
    where
        v.known_at <= coalesce(%(known)s::timestamptz, 'infinity')
        and (%(key)s::text is null or v.record_key = %(key)s)
    order by v.subject_key asc, v.record_key asc, v.version_no desc
),

seen as (
    select
        k.*,
        case
            when k.state in ('revoked', 'repaired', 'shielded') and k.state_on <= %(day)s then k.state
            when k.display_until < %(day)s then 'expired'
            when k.state = 'corrected' and k.state_on <= %(day)s then k.state
            else 'active'
        end as state_then
    from known as k
    where k.change <> 'removed' and k.document_on <= %(day)s
)

select
    record_key,
    subject_key,
    content ->> 'document_no' as document_no,
    state_then as state,
    state_then in ('active', 'corrected') as is_in_force,
    content ->> 'disclosure_class' as disclosure_class,
    content -> 'provenance' as provenance,
    version_no,
    known_at,
    run_id
from seen
order by record_key, subject_key;

-- section: published
-- What readers could fetch at the end of a day (Asia/Shanghai), and the version of the record that it was made from.
with published as (
    select
        p.audience,
        max(p.version_no) as version_no,
        max(p.known_at) as known_at
    from share.publication as p
    where p.known_at < ((%(day)s::date + 1)::timestamp at time zone 'Asia/Shanghai')
    group by p.audience
),

shown as (
    select distinct on (c.audience, c.kind, c.item_key)
        c.audience,
        c.kind,
        c.item_key,
        c.subject_key,
        c.version_no,
        c.change,
        c.content_hash,
        p.known_at
    from published as p
    inner join share.publication_change as c on p.audience = c.audience and p.version_no >= c.version_no
    where %(key)s::text is null or c.item_key = %(key)s
    order by c.audience asc, c.kind asc, c.item_key asc, c.version_no desc, (c.change = 'withdrawn') asc
)

select distinct on (s.audience, s.kind, s.item_key)
    s.audience,
    s.kind,
    s.item_key,
    s.version_no as publication_version_no,
    s.content_hash,
    v.version_no as record_version_no,
    v.state,
    v.state_reason,
    v.content ->> 'document_no' as document_no,
    v.content -> 'provenance' as provenance,
    v.known_at,
    v.run_id
from shown as s
left join core.record_version as v
    on s.subject_key = v.subject_key and s.item_key = v.record_key and s.known_at >= v.known_at
where s.change <> 'withdrawn'
order by s.audience asc, s.kind asc, s.item_key asc, v.version_no desc;
