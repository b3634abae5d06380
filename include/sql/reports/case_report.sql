-- What a verification report says of one case: facts, each with the file and row it comes from (C3, C4).
-- Grain: stated at each section. Safe to re-run: reads only. A subject is one that a verification names by its credit code.

-- section: cases
-- One verified case with what was pushed of it and whom it concerns.
select
    c.case_key,
    c.title,
    c.is_followed_up,
    (
        select array_agg(distinct r.unit_code order by r.unit_code)
        from core.target as t
        inner join core.referral as r on t.target_key = r.target_key
        where t.case_key = c.case_key
    ) as unit_codes,
    (
        select jsonb_agg(jsonb_build_object(
            'list_name', coalesce(l.label, p.list_code), 'case_id', p.case_id, 'title', p.title, 'source', p.source_name,
            'published_on', p.published_on, 'link_basis', p.link_basis, 'file_id', p.file_id, 'row_no', p.row_no
        ) order by p.first_pushed_on, p.list_code, p.case_id)
        from core.pushed_case as p
        left join ref.code as l on l.list_code = 'case_list' and p.list_code = l.code
        where p.case_key = c.case_key
    ) as appearances
from core.conduct_case as c
where exists (
    select from core.verification as v
    where v.case_key = c.case_key
)
order by c.case_key collate "C";

-- section: results
-- One verification of the case, with the decision that it names and the recognition that followed.
select
    v.*,
    verdict.label as verdict,
    unit.label as unit,
    (
        select string_agg(m.label, '、' order by m.code)
        from ref.code as m
        where m.list_code = 'verification_method' and m.code = any(v.method_codes)
    ) as methods
from core.verification as v
left join ref.code as verdict on verdict.list_code = 'verdict' and v.verdict_code = verdict.code
left join ref.code as unit on unit.list_code in ('reporting_unit', 'department') and v.unit_code = unit.code
where v.case_key = %(case_key)s
order by v.concluded_on asc, v.verification_key collate "C" asc;

-- section: risk
-- The grade of one subject: the first rule of policy risk_grade whose fact reaches its number. One row. What a unit may not submit, or
-- bears a name that the register does not know for its code, counts against nobody (B1, D2).
with called as (
    select value
    from core.subject_identifier
    where subject_key = %(subject_key)s and scheme = 'name'
),

own as (
    select
        c.act,
        c.body
    from core.claim as c
    inner join core.standing_claim as s on c.subject_key = s.subject_key and c.claim_key = s.claim_key
    where
        c.subject_key = %(subject_key)s and c.act in ('supervision', 'abnormality') and c.is_entitled
        and (core.comparable(c.party_name) in (select k.value from called as k) or not exists (select from called))
),

counted as (
    select jsonb_build_object(
        'standing_records', (
            select count(*) from core.record
            where subject_key = %(subject_key)s and state in ('active', 'corrected') and disclosure_class <> 'internal'
        ),
        'serious_records', (
            select count(*) from core.record
            where
                subject_key = %(subject_key)s and state in ('active', 'corrected') and severity_code = 'serious'
                and disclosure_class <> 'internal'
        ),
        'serious_entries', (
            select count(*)
            from core.list_entry as e
            inner join core.record as r on e.subject_key = r.subject_key and e.record_key = r.record_key
            where
                e.subject_key = %(subject_key)s and e.list_code = 'serious_dishonesty'
                and r.state in ('active', 'corrected') and r.disclosure_class <> 'internal'
        ),
        'refused_actions', (
            select count(*) from own
            where act = 'supervision' and body ->> 'outcome_code' = 'refused'
        ),
        'open_abnormalities', (
            select count(*) from own
            where act = 'abnormality' and body ->> 'removed_on' is null
        ),
        'worst_grades', (
            select count(*) from core.target
            where subject_key = %(subject_key)s and trigger_code = 'worst_grade'
        )
    ) as facts
)

select
    p.rule_code,
    g.label as grade,
    p.legal_basis,
    p.is_confirmed,
    (c.facts ->> (p.body ->> 'fact'))::integer as fact_count,
    (p.body ->> 'at_least')::integer as at_least
from counted as c
inner join ref.policy as p
    on
        p.policy_code = 'risk_grade' and (c.facts ->> (p.body ->> 'fact'))::integer >= (p.body ->> 'at_least')::integer
        and p.effective_from <= %(valid_on)s and (p.effective_until is null or %(valid_on)s <= p.effective_until)
inner join ref.code as g on g.list_code = 'risk_grade' and g.code = p.body ->> 'grade'
order by (p.body ->> 'order')::integer asc
limit 1;

-- section: pattern
-- How often the same conduct is on record: by this subject, and in the province. One row.
select
    count(*) filter (where r.subject_key = %(subject_key)s) as own_count,
    count(*) as all_count,
    count(distinct r.subject_key) as subject_count
from core.record as r
where
    r.disclosure_class <> 'internal' and r.state not in ('revoked')
    and r.conduct_type in (
        select o.conduct_type from core.record as o
        where o.subject_key = %(subject_key)s and o.disclosure_class <> 'internal'
    );
