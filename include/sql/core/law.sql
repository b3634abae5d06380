-- What a record says after corrections, and the publication window that the law of its document's date gives (D6).
-- Grain: one record of a touched subject. Key: (subject_key, record_key). Safe to re-run: each build makes it anew; core.record keeps
-- what comes of it.
-- A correction that states categories states the whole penalty anew; one that does not leaves what it is silent about as it was.
-- Several penalty types in one decision: the longest period. A department's own earlier end is kept, never a later one.

-- section: clear
truncate core_next.record_law;

-- section: fold
insert into core_next.record_law (
    subject_key, record_key, correction_claim_key, fine_yuan, confiscated_yuan, penalty_text,
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
        (a.body ->> 'confiscated_yuan')::numeric as confiscated_yuan,
        a.body ->> 'penalty_text' as penalty_text,
        a.body -> 'codes' as codes,
        min(core.penalty(a.body)) over day <> max(core.penalty(a.body)) over day as contradicts
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
placed as (
    select
        n.*,
        min(n.place) filter (where n.codes is not null) over (partition by n.subject_key, n.record_key) as whole_place
    from (
        select
            correction.*,
            row_number() over (
                partition by subject_key, record_key
                order by effective_on desc, data_date asc, sequence asc, claim_key asc
            ) as place
        from correction
        where not contradicts
    ) as n
),

-- the last word on each
corrected as (
    select
        subject_key,
        record_key,
        (array_agg(claim_key order by place))[1] as claim_key,
        (array_agg(penalty_text order by place) filter (where penalty_text is not null))[1] as penalty_text,
        (array_agg(codes order by place) filter (where place = whole_place))[1] as codes,
        (array_agg(fine_yuan order by place) filter (where fine_yuan is not null))[1] as fine_yuan,
        (array_agg(confiscated_yuan order by place) filter (where confiscated_yuan is not null))[1] as confiscated_yuan
    from placed
    where place <= whole_place or whole_place is null
    group by subject_key, record_key
),

fact as (
    select
        d.subject_key,
        d.record_key,
        d.determination_kind as kind,
        c.document_on,
        x.claim_key as correction_claim_key,
        coalesce(x.fine_yuan, case when x.codes is null then (c.body ->> 'fine_yuan')::numeric end) as fine_yuan,
        coalesce(x.confiscated_yuan, case when x.codes is null then (c.body ->> 'confiscated_yuan')::numeric end)
            as confiscated_yuan,
        coalesce(x.penalty_text, c.body ->> 'penalty_text') as penalty_text,
        array(select jsonb_array_elements_text(coalesce(x.codes, c.body -> 'codes'))) as codes,
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
    f.confiscated_yuan,
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
