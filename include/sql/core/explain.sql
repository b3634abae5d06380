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

told as (
    select
        e.subject_key,
        e.claim_key
    from wanted as w
    inner join core.record_event as e on w.subject_key = e.subject_key and w.record_key = e.record_key
    union
    select
        c.subject_key,
        c.claim_key
    from wanted as w
    inner join core.record as r on w.subject_key = r.subject_key and w.record_key = r.record_key
    inner join core.claim as d on r.subject_key = d.subject_key and r.claim_key = d.claim_key
    inner join core.claim as c on d.subject_key = c.subject_key and d.fact_key = c.fact_key
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
        c.body as said,
        f.unit_code,
        f.file_name,
        f.contract_version,
        s.claim_key is not null as stands
    from told as w
    inner join core.claim as c on w.subject_key = c.subject_key and w.claim_key = c.claim_key
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

policy as (
    select p.* from record as r
    inner join ref.policy as p on r.policy_rule = p.rule_code and p.policy_code = 'publication_windows'
    where r.document_on between p.effective_from and coalesce(p.effective_until, 'infinity')
),

decided as (
    select to_jsonb(m) as decision
    from wanted as w
    inner join core.match_decision as m on w.subject_key in (m.subject_key, m.candidate_key)
    where m.judgement <> 'proposed'
    union
    select to_jsonb(r)
    from wanted as w
    inner join core.rekey as r on w.subject_key in (r.old_subject_key, r.new_subject_key)
),

published as (
    select
        c.audience,
        c.kind,
        c.version_no,
        c.change,
        p.valid_on,
        p.known_at
    from share.publication_change as c
    inner join share.publication as p on c.audience = p.audience and c.version_no = p.version_no
    where c.item_key = %(key)s or c.item_key in (select record_key from wanted)
),

-- a record that moved was two subjects': the one it has now
subject as (
    select s.*
    from core.subject as s
    inner join wanted as w on s.subject_key = w.subject_key
    left join record as r on s.subject_key = r.subject_key
    order by r.record_key is null, s.subject_key
    limit 1
)

select
    jsonb_build_object(
        'record', (select to_jsonb(r) from record as r),
        'subject', (select to_jsonb(s) from subject as s),
        'entries', coalesce((select jsonb_agg(to_jsonb(e) order by e.entry_key) from entry as e), '[]'),
        'versions', coalesce(
            (select jsonb_agg(to_jsonb(v) - 'content' order by v.known_at, v.version_no) from version as v), '[]'
        ),
        'claims', coalesce(
            (select jsonb_agg(to_jsonb(c) order by c.data_date, c.document_on, c.file_id, c.row_no) from claim as c), '[]'
        ),
        'holds', coalesce((select to_jsonb(r.hold_codes) from record as r), '[]'),
        'policy', (select to_jsonb(p) from policy as p),
        'decisions', coalesce((select jsonb_agg(d.decision order by d.decision) from decided as d), '[]'),
        'publications', coalesce(
            (select jsonb_agg(to_jsonb(p) order by p.known_at, p.audience, p.version_no) from published as p), '[]'
        )
    ) as chain
where exists (select from wanted);
