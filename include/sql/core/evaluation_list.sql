-- Grades passed on to the units where the subjects are registered, the lead authority for the rest (A2).
-- Grain: one subject's standing grade in one of the latest cycles that the policy judges. Key: unit, scale, cycle, subject.
-- Safe to re-run: reads only.
with graded as (
    select
        g.*,
        coalesce(g.region_code, substr(g.subject_code, 3, 6)) as place_code
    from core.graded(%(data_date)s) as g
),

cycle as (
    select
        g.scale_code,
        g.cycle_code,
        row_number() over (partition by g.scale_code order by min(g.published_on) desc, g.cycle_code desc) as age
    from graded as g
    group by g.scale_code, g.cycle_code
),

placed as (
    select
        g.*,
        coalesce(u.code, lead.code) as unit_code,
        coalesce(u.label, lead.label) as unit
    from graded as g
    inner join cycle as c on g.scale_code = c.scale_code and g.cycle_code = c.cycle_code
    inner join ref.policy as p
        on
            p.policy_code = 'evaluation' and g.scale_code = p.body ->> 'scale'
            and g.published_on >= p.effective_from and (p.effective_until is null or g.published_on <= p.effective_until)
            and c.age <= (p.body ->> 'cycles')::integer
    left join ref.code as u
        on
            u.list_code = 'reporting_unit'
            and u.attributes ->> 'region_code' in (g.place_code, left(g.place_code, 4) || '00')
    left join ref.code as lead on lead.list_code = 'department' and (lead.attributes ->> 'is_lead')::boolean
)

select
    unit_code,
    unit,
    scale_code,
    cycle_code,
    grade_code,
    subject_name,
    subject_code,
    place_code,
    published_on,
    data_date as passed_on
from placed
order by
    unit_code collate "C", scale_code asc, published_on desc, cycle_code desc, grade_code collate "C",
    subject_code collate "C", subject_name collate "C";
