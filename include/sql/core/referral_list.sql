-- What the referral lists of the units say.
-- Grain: one appearance of one referral; a target that is no case has one row. Key: referral_key, list_code, case_id.
-- Safe to re-run: reads only.
select
    r.unit_code,
    coalesce(unit.label, r.unit_code) as unit,
    r.referral_key,
    t.trigger_code,
    coalesce(p.title, c.title) as title,
    t.subject_name,
    coalesce(list.label, p.list_code) as list_name,
    p.case_id,
    p.region_text,
    p.published_on,
    p.source_name,
    p.handling_opinion,
    array_to_string(p.tags, ' ') as tags,
    c.is_followed_up,
    r.reason,
    coalesce(lead_unit.label, t.lead_unit_code) as lead_unit,
    r.referred_on,
    r.due_on,
    r.due_basis,
    r.state
from core.referral as r
inner join core.target as t on r.target_key = t.target_key
left join core.conduct_case as c on t.case_key = c.case_key
left join core.pushed_case as p on t.case_key = p.case_key
left join ref.code as unit on unit.list_code in ('reporting_unit', 'department') and r.unit_code = unit.code
left join ref.code as lead_unit
    on lead_unit.list_code in ('reporting_unit', 'department') and t.lead_unit_code = lead_unit.code
left join ref.code as list on list.list_code = 'case_list' and p.list_code = list.code
where r.referred_on <= %(data_date)s
order by
    r.unit_code collate "C", r.due_on, r.referral_key collate "C", p.list_code collate "C", p.case_id collate "C";
