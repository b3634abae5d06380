-- What departments and units read about supervision: recommendations, advice, list entries, actions (F1, F2).
-- Grain: stated at each section; each row names the unit it goes to. Safe to re-run: reads only.
-- While a reorganisation plan shields a subject, what rests on its records goes to nobody (D5); a unit keeps its own actions.

-- section: recommendations
-- One standing record that meets an industry's criteria, for the department that decides. Nothing here lists anybody. Once the
-- department has listed, only a later record asks again, be the entry removed by now.
with criterion as (
    select
        p.*,
        p.body ->> 'list' as dishonesty_list
    from ref.policy as p
    where p.policy_code = 'list_criteria'
)

select
    c.body ->> 'department' as unit_code,
    u.label as unit,
    l.label as list_name,
    r.party_name as subject_name,
    r.party_code as subject_code,
    r.document_no,
    r.authority_name,
    r.document_on,
    share.masked(coalesce(r.fact, r.conduct_type)) as conduct,
    c.rule_code,
    c.legal_basis,
    c.is_confirmed
from criterion as c
inner join core.record as r
    on
        c.body -> 'severities' ? r.severity_code and r.determination_kind <> 'listing'
        and r.document_on >= c.effective_from and (c.effective_until is null or r.document_on <= c.effective_until)
        and concat_ws(' ', r.conduct_type, r.fact, r.basis) ~ (c.body ->> 'words')
inner join core.subject as s on r.subject_key = s.subject_key and s.state = 'identified'
left join ref.code as u on u.list_code = 'department' and u.code = c.body ->> 'department'
left join ref.code as l on l.list_code = 'dishonesty_list' and c.dishonesty_list = l.code
where
    r.state in ('active', 'corrected') and r.disclosure_class <> 'internal' and r.party_category_code <> 'natural_person'
    and r.document_on <= %(data_date)s
    and not exists (
        select from core.list_entry as e
        where
            e.subject_key = r.subject_key and e.list_code = 'serious_dishonesty' and e.industry_code = c.dishonesty_list
            and (e.state = 'listed' or e.listed_on >= r.document_on)
    )
order by c.body ->> 'department' asc, r.document_on asc, r.record_key collate "C" asc;

-- section: entries
-- One entry of a list, for the unit where the subject is registered; with what is advised while it stands. An entry whose record
-- is kept inside the centre goes to nobody (E1).
select
    coalesce(u.code, lead.code) as unit_code,
    coalesce(u.label, lead.label) as unit,
    e.list_code,
    e.subject_name,
    e.subject_code,
    e.listed_on,
    share.masked(e.entry_reason) as entry_reason,
    e.document_no,
    e.state,
    e.removed_on,
    e.exit_reason,
    case when e.state = 'listed' then p.body ->> 'inspection_per_year' end as inspection_per_year,
    case when e.state = 'listed' then p.body ->> 'advice' end as advice
from core.list_entry as e
inner join core.subject as s on e.subject_key = s.subject_key and s.state = 'identified'
inner join core.record as r
    on
        e.subject_key = r.subject_key and e.record_key = r.record_key
        and r.disclosure_class <> 'internal' and r.state <> 'shielded'
left join ref.code as u
    on
        u.list_code = 'reporting_unit'
        and u.attributes ->> 'region_code' in (s.region_code, left(s.region_code, 4) || '00')
left join ref.code as lead on lead.list_code = 'department' and (lead.attributes ->> 'is_lead')::boolean
left join ref.policy as p
    on
        p.policy_code = 'supervision_advice' and e.list_code = p.body ->> 'list_code'
        and p.effective_from <= %(data_date)s and (p.effective_until is null or %(data_date)s <= p.effective_until)
where e.listed_on <= %(data_date)s
order by coalesce(u.code, lead.code) collate "C" asc, e.listed_on asc, e.entry_key collate "C" asc;

-- section: actions
-- One supervision action that stands, for the unit that reported it; overdue where its deadline passed without an outcome.
select
    c.unit_code,
    u.label as unit,
    a.label as action,
    c.party_name as subject_name,
    c.party_code as subject_code,
    c.document_no as action_no,
    c.document_on as started_on,
    c.body ->> 'due_on' as due_on,
    c.body ->> 'measure' as measure,
    c.body ->> 'inspection_per_year' as inspection_per_year,
    case
        when c.body ->> 'outcome_code' = 'open' and (c.body ->> 'due_on')::date < %(data_date)s then 'overdue'
        else c.body ->> 'outcome_code'
    end as outcome,
    c.body ->> 'finished_on' as finished_on
from core.claim as c
inner join core.standing_claim as s on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
left join ref.code as u on u.list_code in ('reporting_unit', 'department') and c.unit_code = u.code
left join ref.code as a on a.list_code = 'supervision_action' and a.code = c.body ->> 'action_code'
where c.act = 'supervision' and c.document_on <= %(data_date)s
order by c.unit_code collate "C" asc, c.document_on asc, c.claim_key collate "C" asc;

-- section: followed
-- One case that is to be followed further, for each unit that has it, whatever became of its target (A6).
select
    r.unit_code,
    coalesce(u.label, r.unit_code) as unit,
    c.title,
    (
        select string_agg(p.case_id, '、' order by p.case_id)
        from core.pushed_case as p
        where p.case_key = c.case_key
    ) as case_ids,
    (
        select max(p.data_date)
        from core.pushed_case as p
        where p.case_key = c.case_key
    ) as last_pushed_on,
    t.state,
    v.verdict,
    v.concluded_on
from core.conduct_case as c
inner join core.target as t on c.case_key = t.case_key
inner join core.referral as r on t.target_key = r.target_key
left join ref.code as u on u.list_code in ('reporting_unit', 'department') and r.unit_code = u.code
left join lateral (
    select
        d.label as verdict,
        f.concluded_on
    from core.verification as f
    left join ref.code as d on d.list_code = 'verdict' and f.verdict_code = d.code
    where f.case_key = c.case_key
    order by f.concluded_on desc, f.verification_key asc
    limit 1
) as v on true
where c.is_followed_up and r.referred_on <= %(data_date)s
order by r.unit_code collate "C" asc, c.first_pushed_on asc, c.case_key collate "C" asc;

-- section: measures
-- One joint-punishment measure that stands, for the unit that reported it, the department that carries it out, and the one that asked.
-- The last report of a measure counts, with its feedback; free text is masked as everywhere outside. One that follows from a record
-- kept inside the centre, or that its unit may not submit, or that bears a name that the register does not know for its code, goes to
-- nobody (E1, B1, D2). What followed from a record that has ended, or was denied, is
-- lifted, whatever was last reported: whoever carries it out is told so (G3, E6).
select distinct on (c.body ->> 'executor_name', u.code, c.document_on, c.claim_key)
    u.code as unit_code,
    u.label as unit,
    c.document_no as measure_no,
    c.party_name as subject_name,
    c.party_code as subject_code,
    c.body ->> 'field_name' as field_name,
    share.masked(c.body ->> 'measure') as measure,
    share.masked(c.body ->> 'legal_basis') as legal_basis,
    r.document_no as determination_no,
    c.body ->> 'requester_name' as requester_name,
    c.body ->> 'executor_name' as executor_name,
    c.effective_on as executed_on,
    c.body ->> 'until_on' as until_on,
    case
        when r.state in ('revoked', 'repaired', 'expired') or d.claim_key is not null then 'lifted'
        when c.body ->> 'state_code' = 'effective' and (c.body ->> 'until_on')::date < %(data_date)s then 'over'
        else c.body ->> 'state_code'
    end as state,
    share.masked(c.body ->> 'feedback') as feedback,
    c.body ->> 'fed_back_on' as fed_back_on
from core.claim as c
inner join core.standing_claim as s on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
inner join core.subject as n on c.subject_key = n.subject_key and n.state = 'identified'
inner join ref.code as u
    on
        u.list_code in ('reporting_unit', 'department')
        and (
            u.code = c.unit_code
            or (
                u.list_code = 'department'
                and u.attributes ->> 'uscc' in (c.body ->> 'executor_code', c.body ->> 'requester_code')
            )
        )
left join core.subject_identifier as m
    on c.subject_key = m.subject_key and m.scheme = 'name' and m.value = core.comparable(c.party_name)
left join core.record_event as e on c.subject_key = e.subject_key and c.claim_key = e.claim_key
left join core.record as r on e.subject_key = r.subject_key and e.record_key = r.record_key
left join core.denied_act as d on c.subject_key = d.subject_key and c.claim_key = d.claim_key
where
    c.act = 'punishment' and c.is_entitled and c.effective_on <= %(data_date)s
    and coalesce(c.party_category_code, '') <> 'natural_person' and coalesce(r.disclosure_class, '') <> 'internal'
    and not exists (
        select from core.subject_identifier as i
        where i.subject_key = c.subject_key and i.scheme = 'name' and m.subject_key is null and c.party_scheme <> 'name'
    )
    and not exists (
        select from core.shield as h
        where h.subject_key = c.subject_key and %(data_date)s between h.effective_on and h.until_on
    )
order by
    c.body ->> 'executor_name' asc, u.code asc, c.document_on asc, c.claim_key asc,
    (r.state in ('active', 'corrected')) desc, r.record_key asc;
