-- To whom each target is handed: the units of its places, the lead authority for the province, its department (A5).
-- Grain: one target and one unit or department. Key: referral_key. The clock starts when the unit was first concerned.
-- Safe to re-run: a row that is equal is not written again, and what no evidence gives any more is removed.

-- section: wanted
-- As one JSON array: what is kept is then written in a statement that reads nothing which Citus spreads.
with handed as (
    select
        t.target_key,
        u.unit_code,
        u.reason,
        u.referred_on
    from core.target as t
    inner join core.case_unit as u on t.case_key = u.case_key
    union all
    select
        t.target_key,
        t.lead_unit_code,
        case when c.code is null then 'region' else 'province' end as reason,
        t.opened_on
    from core.target as t
    left join ref.code as c on c.list_code = 'department' and t.lead_unit_code = c.code
    where t.case_key is null
),

wanted as (
    select
        core.key('referral', h.target_key, h.unit_code) as referral_key,
        h.target_key,
        h.unit_code,
        h.reason,
        h.referred_on,
        case when t.due_basis = 'plan' then t.due_on else d.due_on end as due_on,
        case when t.due_basis = 'plan' then t.due_basis else d.due_basis end as due_basis,
        case
            when exists (
                select from core.verification as v
                where v.target_key = h.target_key and (h.reason <> 'region' or v.unit_code = h.unit_code)
            ) then 'concluded'
            when case when t.due_basis = 'plan' then t.due_on else d.due_on end < %(valid_on)s then 'overdue'
            else 'open'
        end as state
    from handed as h
    inner join core.target as t on h.target_key = t.target_key
    left join lateral core.verification_due(h.referred_on) as d on true
)

select coalesce(jsonb_agg(w), '[]') from wanted as w;

-- section: keep
with wanted as (
    select * from jsonb_populate_recordset(null::core.referral, %(rows)s)
),

gone as (
    delete from core.referral as held
    where not exists (
        select from wanted as w
        where w.referral_key = held.referral_key
    )
)

insert into core.referral as held (
    referral_key, target_key, unit_code, reason, referred_on, due_on, due_basis, state
)
select
    referral_key,
    target_key,
    unit_code,
    reason,
    referred_on,
    due_on,
    due_basis,
    state
from wanted
on conflict (referral_key) do update
    set
        reason = excluded.reason, referred_on = excluded.referred_on, due_on = excluded.due_on,
        due_basis = excluded.due_basis, state = excluded.state
    where held is distinct from excluded;
