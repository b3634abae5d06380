-- The chain behind one record or list entry (D4): what stands, each version, the claims of its decision with file, row and
-- document, the policy row. Grain: one row, one JSON object. Safe to re-run: reads only.
with wanted as (
    select
        subject_key,
        record_key
    from core.record_version
    where record_key = %(key)s
    union
    select
        subject_key,
        content ->> 'record_key'
    from core.list_entry_version
    where entry_key = %(key)s
),

claim as (
    select
        c.act,
        c.kind,
        c.document_no,
        c.document_on,
        c.authority_name,
        c.party_name,
        c.effective_on,
        c.content_hash,
        c.file_id,
        c.row_no,
        c.data_date,
        c.known_at,
        f.unit_code,
        f.file_name,
        s.claim_key is not null as stands
    from wanted as w
    inner join core.record_event as e on w.subject_key = e.subject_key and w.record_key = e.record_key
    inner join core.claim as c on e.subject_key = c.subject_key and e.claim_key = c.claim_key
    inner join landing.file as f on c.file_id = f.file_id
    left join core.standing_claim as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    union all
    select
        c.act,
        c.kind,
        c.document_no,
        c.document_on,
        c.authority_name,
        c.party_name,
        c.effective_on,
        c.content_hash,
        c.file_id,
        c.row_no,
        c.data_date,
        c.known_at,
        f.unit_code,
        f.file_name,
        s.claim_key is not null
    from wanted as w
    inner join core.determination as d on w.subject_key = d.subject_key and w.record_key = d.record_key
    inner join core.claim as c on d.subject_key = c.subject_key and d.fact_key = c.fact_key
    inner join landing.file as f on c.file_id = f.file_id
    left join core.standing_claim as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
),

record as (
    select r.* from core.record as r
    inner join wanted as w on r.subject_key = w.subject_key and r.record_key = w.record_key
),

entry as (
    select e.* from core.list_entry as e
    inner join wanted as w on e.subject_key = w.subject_key and e.record_key = w.record_key
),

version as (
    select v.* from core.record_version as v
    inner join wanted as w on v.subject_key = w.subject_key and v.record_key = w.record_key
),

hold as (
    select h.* from core.record_hold as h
    inner join wanted as w on h.subject_key = w.subject_key and h.record_key = w.record_key
),

policy as (
    select p.* from record as r
    inner join ref.policy as p on r.policy_rule = p.rule_code and p.policy_code = 'publication_windows'
    where r.document_on between p.effective_from and coalesce(p.effective_until, 'infinity')
),

subject as (
    select s.* from core.subject as s
    inner join wanted as w on s.subject_key = w.subject_key
)

select
    jsonb_build_object(
        'record', (select to_jsonb(r) from record as r),
        'subject', (select to_jsonb(s) from subject as s),
        'entries', coalesce((select jsonb_agg(to_jsonb(e) order by e.entry_key) from entry as e), '[]'),
        'versions', coalesce((select jsonb_agg(to_jsonb(v) - 'content' order by v.version_no) from version as v), '[]'),
        'claims', coalesce(
            (select jsonb_agg(to_jsonb(c) order by c.data_date, c.document_on, c.file_id, c.row_no) from claim as c), '[]'
        ),
        'holds', coalesce((select jsonb_agg(h.hold_code order by h.hold_code) from hold as h), '[]'),
        'policy', (select to_jsonb(p) from policy as p)
    ) as chain
where exists (select from wanted);
