-- What narrows who may see a record (E1, I3, I4, I9). Grain: one held record of a touched subject. Key: (subject_key, record_key).
-- Safe to re-run: each build makes it anew; core.record keeps it. Policy disclosure gives each hold its class.

-- section: clear
truncate core_next.record_hold;

-- section: fold
insert into core_next.record_hold (subject_key, record_key, hold_codes)
with registered as (
    select
        i.subject_key,
        array_agg(i.value) as names
    from core.subject_identifier as i
    inner join core.touched_subject as t on i.subject_key = t.subject_key and t.run_id = %(run_id)s
    where i.scheme = 'name'
    group by i.subject_key
),

unsettled as (
    select distinct
        e.subject_key,
        e.record_key
    from core.record_event as e
    inner join core.touched_subject as t on e.subject_key = t.subject_key and t.run_id = %(run_id)s
    where e.act = 'unentitled'
),

-- decisions about branches, by the words of matching.yaml, under credit codes
branch as materialized (
    select distinct
        c.subject_key,
        c.party_code,
        c.party_name,
        core.comparable(c.party_name) as name,
        coalesce(
            (regexp_match(c.party_name, %(branch)s))[1], (regexp_match(c.party_name, '(' || %(branch_without_form)s || ')'))[1]
        ) as tail
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    where
        c.act in ('determination', 'listing', 'recognition') and c.party_scheme = 'uscc'
        and (c.party_name ~ %(branch)s or c.party_name ~ %(branch_without_form)s)
),

called as (
    select distinct
        c.subject_key,
        core.comparable(c.party_name) as name
    from core.claim as c
    inner join branch as b on c.subject_key = b.subject_key
),

-- The code bears the name without the branch as well, or the province that registered it is not the one where the branch is.
strayed as (
    select distinct
        b.subject_key,
        b.party_name
    from branch as b
    left join called as o on b.subject_key = o.subject_key and b.name <> o.name and starts_with(b.name, o.name)
    where o.name is not null or (b.tail ~ %(home_places)s and substr(b.party_code, 3, 2) <> left(%(home_code)s, 2))
),

-- of the touched alone, here and in the other steps: joined by itself, the planner reads all subjects there are
known as (
    select
        s.subject_key,
        s.state
    from core.touched_subject as t
    inner join core.subject as s on t.subject_key = s.subject_key
    where t.run_id = %(run_id)s
)

select
    d.subject_key,
    d.record_key,
    array_agg(h.hold_code order by h.hold_code)
from core_next.determination as d
-- outer, though none is missing: the planner then keeps to the count of determinations
left join core.claim as c on d.subject_key = c.subject_key and d.claim_key = c.claim_key
left join core_next.record_law as l on d.subject_key = l.subject_key and d.record_key = l.record_key
left join known as s on d.subject_key = s.subject_key
left join registered as n on d.subject_key = n.subject_key
left join core.doubtful_code as q on d.subject_key = q.subject_key and d.claim_key = q.claim_key
left join core_next.unplaced as a on d.subject_key = a.subject_key and d.claim_key = a.claim_key
left join strayed as b on d.subject_key = b.subject_key and c.party_name = b.party_name
left join unsettled as u on d.subject_key = u.subject_key and d.record_key = u.record_key
cross join
    lateral (
        values
        ('natural_person', c.party_category_code = 'natural_person'),
        ('subject_proposed', s.state = 'proposed'),
        (
            'name_code_disagree',
            n.names is not null and c.party_scheme in ('uscc', 'org_code', 'registration_no')
            and core.comparable(c.party_name) <> all(n.names)
        ),
        ('branch_under_head_office', n.names is null and b.party_name is not null),
        ('code_in_doubt', q.claim_key is not null),
        ('act_unplaced', a.claim_key is not null),
        ('authority_not_entitled', u.record_key is not null),
        ('no_policy_rule', l.policy_rule = 'none'),
        ('not_displayed_by_law', not l.is_displayed and l.policy_rule <> 'none'),
        ('stated_government', c.body ->> 'disclosure_code' = 'government'),
        ('stated_internal', c.body ->> 'disclosure_code' = 'internal')
    ) as h (hold_code, holds)
where h.holds
group by d.subject_key, d.record_key;
