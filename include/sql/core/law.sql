-- What a record says after corrections, and the publication window that the law of its document's date gives (D6).
-- Grain: one record of a touched subject. Key: (subject_key, record_key). Safe to re-run: each build makes it anew; core.record keeps
-- what comes of it.
-- Several penalty types in one decision: the longest period. A department's own earlier end is kept, never a later one.

-- section: clear
truncate core_next.record_law;

-- section: fold
insert into core_next.record_law (
    subject_key, record_key, correction_claim_key, fine_yuan, penalty_text,
    severity_code, policy_rule, is_policy_confirmed, is_displayed, display_until, repairable_from
)
with rule as materialized (
    select
        r.*,
        row_number() over (
            order by r.overrides desc, r.maximum_months desc, r.minimum_months desc, r.rule_code asc, r.effective_from asc
        ) as place
    from core.window_rule as r
),

acting as materialized (
    select e.*
    from core.touched_subject as t
    inner join core.record_event as e on t.subject_key = e.subject_key
    where t.run_id = %(run_id)s
),

correction as (
    select
        e.subject_key,
        e.record_key,
        a.claim_key,
        a.effective_on,
        a.data_date,
        a.sequence,
        (a.body ->> 'fine_yuan')::numeric as fine_yuan,
        a.body ->> 'penalty_text' as penalty_text,
        min(jsonb_build_array(a.body -> 'fine_yuan', a.body -> 'penalty_text')::text) over day
        <> max(jsonb_build_array(a.body -> 'fine_yuan', a.body -> 'penalty_text')::text) over day as contradicts
    from acting as e
    inner join core.claim as a on e.subject_key = a.subject_key and e.claim_key = a.claim_key
    where
        e.act = 'modification'
        or (
            e.act = 'ruling' and a.body ->> 'correction_code' = 'correct'
            and a.body ->> 'ruling_code' in ('upheld', 'partly_upheld')
        )
    window day as (partition by e.subject_key, e.record_key, a.effective_on)
),

-- Two corrections of one day that differ contradict each other: neither counts.
corrected as (
    select distinct on (subject_key, record_key)
        subject_key,
        record_key,
        claim_key,
        fine_yuan,
        penalty_text
    from correction
    where not contradicts
    order by subject_key asc, record_key asc, effective_on desc, data_date asc, sequence asc, claim_key asc
),

fact as (
    select
        d.subject_key,
        d.record_key,
        d.determination_kind as kind,
        c.document_on,
        x.claim_key as correction_claim_key,
        coalesce(x.fine_yuan, (c.body ->> 'fine_yuan')::numeric) as fine_yuan,
        coalesce(x.penalty_text, c.body ->> 'penalty_text') as penalty_text,
        array(select jsonb_array_elements_text(c.body -> 'codes')) as codes,
        c.body ->> 'procedure_code' as procedure_code,
        concat_ws(' ', c.body ->> 'conduct_type', c.body ->> 'basis') as words,
        -- as corrected: what a changed decision no longer says makes no window longer
        concat_ws(
            ' ', coalesce(x.penalty_text, c.body ->> 'penalty_text'), c.body ->> 'suspended_licence_name'
        ) as penalty_words,
        nullif((c.body ->> 'submitted_until')::date, '9999-12-31') as submitted_until
    from core_next.determination as d
    -- outer: the planner then keeps to the count of determinations, which a join by two keys makes it underrate
    left join core.claim as c on d.subject_key = c.subject_key and d.claim_key = c.claim_key
    left join corrected as x on d.subject_key = x.subject_key and d.record_key = x.record_key
    -- computed once, not again for each rule: see core/claim
    order by null::text
)

select
    f.subject_key,
    f.record_key,
    f.correction_claim_key,
    f.fine_yuan,
    f.penalty_text,
    coalesce(r.severity, 'unknown'),
    coalesce(r.rule_code, 'none'),
    coalesce(r.is_confirmed, false),
    coalesce(r.is_displayed, false),
    least((f.document_on + make_interval(months => r.maximum_months))::date, f.submitted_until),
    (f.document_on + make_interval(months => r.minimum_months))::date
from fact as f
left join lateral (
    select p.*
    from rule as p
    where
        p.kind = f.kind
        and f.document_on >= p.effective_from and f.document_on <= coalesce(p.effective_until, 'infinity')
        and (p.codes is null or p.codes && f.codes)
        and (p.procedure_code is null or p.procedure_code = f.procedure_code)
        and (p.fine_from_yuan is null or f.fine_yuan >= p.fine_from_yuan)
        and (p.words is null or concat_ws(' ', f.words, f.penalty_words) ~ p.words)
        and (p.penalty_words is null or f.penalty_words ~ p.penalty_words)
    order by p.place
    limit 1
) as r on true;
