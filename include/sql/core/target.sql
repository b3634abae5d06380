-- What has to be verified: cases pushed or notified, and subjects graded worst too often in a row (A2, C1).
-- Grain: one case, or one unbroken row of worst grades of one subject on one scale. Key: target_key.
-- Safe to re-run: a row that is equal is not written again, and what no evidence gives any more is removed.

-- section: wanted
-- As one JSON array: what is kept is then written in a statement that reads nothing which Citus spreads.
with lead_authority as (
    select code from ref.code
    where list_code = 'department' and (attributes ->> 'is_lead')::boolean
),

unit as (
    select
        code,
        attributes ->> 'region_code' as region_code
    from ref.code
    where list_code = 'reporting_unit'
),

-- the plan of any appearance is the plan of the case; the latest counts
planned as (
    select distinct on (p.case_key)
        p.case_key,
        v.due_on,
        jsonb_build_object(
            'planned_by', v.planned_by, 'lead_name', v.lead_name, 'method_codes', v.method_codes,
            'complexity_code', v.complexity_code, 'institution_name', v.institution_name,
            'file_id', v.file_id, 'row_no', v.row_no
        ) as plan
    from core.verification_plan as v
    inner join core.pushed_case as p on v.list_code = p.list_code and v.case_no = p.case_id
    where v.data_date <= %(valid_on)s and v.planned_on <= %(valid_on)s
    order by p.case_key asc, v.planned_on desc, v.list_code asc, v.case_no asc
),

case_target as (
    select
        core.key('target', 'typical_case', c.case_key) as target_key,
        case
            when exists (
                select from core.pushed_case as p
                where p.case_key = c.case_key and p.list_code <> 'notified'
            ) then 'typical_case' else 'notified'
        end as trigger_code,
        c.case_key,
        null::text as subject_key,
        null::text as subject_name,
        case when count(*) = 1 then min(u.unit_code) else (select code from lead_authority) end as lead_unit_code,
        min(u.referred_on) as opened_on,
        (
            select
                jsonb_build_object('appearances', jsonb_agg(
                    jsonb_build_object('list_code', p.list_code, 'case_id', p.case_id, 'file_id', p.file_id, 'row_no', p.row_no)
                    order by p.list_code, p.case_id
                ))
            from core.pushed_case as p
            where p.case_key = c.case_key
        ) as basis
    from core.conduct_case as c
    inner join core.case_unit as u on c.case_key = u.case_key and u.reason in ('region', 'province')
    group by c.case_key
),

graded as (
    select
        g.*,
        coalesce(upper(g.subject_code), core.comparable(g.subject_name)) as identity
    from core.graded(%(valid_on)s) as g
),

cycle as (
    select
        scale_code,
        cycle_code,
        row_number() over (partition by scale_code order by min(published_on), cycle_code) as cycle_no
    from graded
    group by scale_code, cycle_code
),

worst as (
    select
        g.*,
        c.cycle_no,
        (p.body ->> 'cycles')::integer as wanted_count,
        c.cycle_no - row_number() over (partition by g.scale_code, g.identity order by c.cycle_no) as run_no
    from graded as g
    inner join cycle as c on g.scale_code = c.scale_code and g.cycle_code = c.cycle_code
    inner join ref.policy as p
        on
            p.policy_code = 'evaluation' and p.body ->> 'scale' = g.scale_code and p.body ->> 'worst' = g.grade_code
            and g.published_on >= p.effective_from and (p.effective_until is null or g.published_on <= p.effective_until)
),

run as (
    select
        scale_code,
        identity,
        (array_agg(subject_name order by cycle_no desc))[1] as subject_name,
        (array_agg(upper(subject_code) order by cycle_no desc))[1] as subject_code,
        (array_agg(coalesce(region_code, substr(subject_code, 3, 6)) order by cycle_no desc))[1] as region_code,
        (array_agg(cycle_code order by cycle_no))[1] as first_cycle,
        (array_agg(data_date order by cycle_no))[max(wanted_count)] as opened_on,
        jsonb_build_object('scale_code', scale_code, 'grades', jsonb_agg(
            jsonb_build_object('cycle_code', cycle_code, 'grade_code', grade_code, 'file_id', file_id, 'row_no', row_no)
            order by cycle_no
        )) as basis
    from worst
    group by scale_code, identity, run_no
    having count(*) >= max(wanted_count)
),

opened as (
    select * from case_target
    union all
    select
        core.key('target', 'worst_grade', r.scale_code, r.identity, r.first_cycle) as target_key,
        'worst_grade' as trigger_code,
        null as case_key,
        case when r.subject_code is not null then coalesce(k.new_key, core.key('uscc', r.subject_code)) end as subject_key,
        r.subject_name,
        coalesce(u.code, (select code from lead_authority)) as lead_unit_code,
        r.opened_on,
        r.basis
    from run as r
    left join unit as u on u.region_code in (r.region_code, left(r.region_code, 4) || '00')
    left join core.current_key as k on r.subject_code is not null and k.old_key = core.key('uscc', r.subject_code)
),

wanted as (
    select
        o.target_key,
        o.trigger_code,
        o.case_key,
        o.subject_key,
        o.subject_name,
        o.lead_unit_code,
        o.opened_on,
        coalesce(p.due_on, d.due_on) as due_on,
        case when p.due_on is null then d.due_basis else 'plan' end as due_basis,
        case
            when exists (
                select from core.verification as v
                where
                    v.case_key = o.case_key
                    or (
                        o.case_key is null and v.list_code = 'evaluation' and v.subject_key = o.subject_key
                        and v.concluded_on >= o.opened_on
                    )
            ) then 'concluded'
            when coalesce(p.due_on, d.due_on) < %(valid_on)s then 'overdue'
            else 'open'
        end as state,
        o.basis || coalesce(jsonb_build_object('plan', p.plan), '{}') as basis
    from opened as o
    left join planned as p on o.case_key = p.case_key
    left join lateral core.verification_due(o.opened_on) as d on true
)

select coalesce(jsonb_agg(w), '[]') from wanted as w;

-- section: keep
with wanted as (
    select * from jsonb_populate_recordset(null::core.target, %(rows)s)
),

gone as (
    delete from core.target as held
    where not exists (
        select from wanted as w
        where w.target_key = held.target_key
    )
)

insert into core.target as held (
    target_key, trigger_code, case_key, subject_key, subject_name, lead_unit_code, opened_on, due_on, due_basis, state, basis
)
select
    target_key,
    trigger_code,
    case_key,
    subject_key,
    subject_name,
    lead_unit_code,
    opened_on,
    due_on,
    due_basis,
    state,
    basis
from wanted
on conflict (target_key) do update
    set
        trigger_code = excluded.trigger_code, case_key = excluded.case_key, subject_key = excluded.subject_key, subject_name = excluded.subject_name,
        lead_unit_code = excluded.lead_unit_code, opened_on = excluded.opened_on, due_on = excluded.due_on,
        due_basis = excluded.due_basis, state = excluded.state, basis = excluded.basis
    where held is distinct from excluded;
