-- Claims with the legal force to make a record (D1), and the claims that act on each.
-- Grain: one record of one touched subject; one event of one record. Keys: (subject_key, record_key); with claim_key.
-- Safe to re-run: the rows of a touched subject are made anew. Determinations are the build's own; core.record says what comes of them.

-- section: clear
truncate core_next.determination;

-- section: clear_events
delete from core.record_event as e using core.touched_subject as t
where t.run_id = %(run_id)s and t.subject_key = e.subject_key;

-- section: fold
-- The address of a record comes from the determination and the party it names, by its strongest identifier.
insert into core_next.determination (subject_key, record_key, claim_key, determination_kind, fact_key, case_key)
with named as (
    select distinct on (c.subject_key, c.fact_key)
        c.subject_key,
        c.fact_key,
        c.candidate_key
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    where c.act in ('determination', 'listing', 'recognition')
    order by
        c.subject_key, c.fact_key,
        array_position(array['uscc', 'org_code', 'registration_no', 'person', 'name'], c.party_scheme), c.candidate_key
),

-- One template states the authority's code, another its name alone: one decision is one record.
uncoded as (
    select distinct
        c.subject_key,
        c.document_key
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    where c.act in ('determination', 'listing', 'recognition') and c.authority_code is null
),

coded as (
    select
        c.subject_key,
        c.document_key,
        core.comparable(c.authority_name) as authority_name,
        min(c.authority_key) as authority_key
    from uncoded as u
    inner join core.claim as c on u.subject_key = c.subject_key and u.document_key = c.document_key
    where c.act in ('determination', 'listing', 'recognition') and c.authority_code is not null
    group by c.subject_key, c.document_key, core.comparable(c.authority_name)
    having min(c.authority_key) = max(c.authority_key)
),

verified as materialized (
    select * from core.verified_party
)

select distinct on (c.subject_key, k.record_key)
    c.subject_key,
    k.record_key,
    c.claim_key,
    c.body ->> 'determination_kind',
    c.fact_key,
    p.case_key
from named as n
-- outer, though none is missing: the planner then keeps to the count of facts, and goes through `coded` once
left join core.standing_claim as s on n.subject_key = s.subject_key and n.fact_key = s.fact_key
left join core.claim as c on s.subject_key = c.subject_key and s.claim_key = c.claim_key
left join coded as a
    on
        c.subject_key = a.subject_key and c.document_key = a.document_key and c.authority_code is null
        and core.comparable(c.authority_name) = a.authority_name
cross join
    lateral (
        select
            core.key(
                c.body ->> 'determination_kind', c.document_key, coalesce(a.authority_key, c.authority_key), n.candidate_key
            ) as record_key
    ) as k
left join core.pushed_case as p on p.list_code = c.body ->> 'list_code' and p.case_id = c.body ->> 'case_no'
where
    coalesce(c.effective_on <= %(valid_on)s, false)
    and (c.act <> 'recognition' or exists (
        select from verified as v
        where
            v.confirmed_on <= c.document_on
            and (v.party_code = c.party_code or (v.party_code is null and v.party_name = core.comparable(c.party_name)))
            and (
                (v.list_code = c.body ->> 'list_code' and v.case_no = c.body ->> 'case_no')
                or v.case_key = p.case_key
                or c.body ->> 'case_no' is null
            )
            -- whoever was confirmed by code may be denied by name, and under another appearance of the case
            and not exists (
                select from verified as o
                where
                    o.verdict_code = 'not_confirmed' and o.verified_on >= v.verified_on
                    and (o.case_key = v.case_key or (o.list_code = v.list_code and o.case_no = v.case_no))
                    and (o.party_code = c.party_code or (o.party_code is null and o.party_name = core.comparable(c.party_name)))
            )
    ))
order by c.subject_key, k.record_key, (c.authority_code is null), c.fact_key;

-- section: events
-- Who may not submit the kind changes no record (B1); an objection flags it whoever passes it on (G1).
-- Of the rulings on one objection the last counts, for the record as for the objection (core/objection.sql). Two units may number
-- alike: an objection is one of its number to one decision.
insert into core.record_event (subject_key, record_key, claim_key, act)
-- claims that may act are few; the other way round, the number of each determination would be looked up among all there are
with acting as materialized (
    select e.*
    from core.touched_subject as t
    inner join core.claim as e on t.subject_key = e.subject_key
    where
        t.run_id = %(run_id)s
        and e.act not in ('determination', 'listing', 'recognition', 'registration')
        and e.effective_on <= %(valid_on)s
        and (e.is_entitled or e.act = 'objection')
),

ruled as (
    select
        l.subject_key,
        r.document_no,
        r.document_key,
        max(r.effective_on) as last_on
    from acting as r
    inner join core.standing_claim as l on r.subject_key = l.subject_key and r.claim_key = l.claim_key
    where r.act = 'ruling'
    group by l.subject_key, r.document_no, r.document_key
),

about as (
    select
        d.subject_key,
        d.record_key,
        d.fact_key,
        e.claim_key,
        e.act,
        e.authority_key,
        core.comparable(e.authority_name) as authority_name
    from acting as e
    inner join core_next.determination as d on e.subject_key = d.subject_key
    inner join core.claim as c
        on d.subject_key = c.subject_key and d.claim_key = c.claim_key and e.document_key = c.document_key || ''
    inner join core.standing_claim as s on d.subject_key = s.subject_key and e.fact_key = s.fact_key and e.claim_key = s.claim_key
    left join ruled as q
        on d.subject_key = q.subject_key and e.document_no = q.document_no and e.document_key = q.document_key and e.act = 'ruling'
    where q.last_on is null or e.effective_on = q.last_on
    -- first whom an act may be about, then the decision's rows: see core/claim
    order by null::text
)

-- An authority is known by each name that a row of the decision gave it.
select distinct
    a.subject_key,
    a.record_key,
    a.claim_key,
    a.act
from about as a
inner join core.claim as c on a.subject_key = c.subject_key and a.fact_key = c.fact_key
where a.authority_key is null or a.authority_key = c.authority_key or a.authority_name = core.comparable(c.authority_name);

-- section: unentitled
-- What would make, change, end or shield the record were its unit entitled: nobody may rely on the record until people settle it.
-- An entitled unit's later word on the same fact, or an equal one, settles it. Claims of this sort are few and have an index.
insert into core.record_event (subject_key, record_key, claim_key, act)
with about as (
    select
        d.subject_key,
        d.record_key,
        d.fact_key,
        e.claim_key,
        case
            when e.act not in ('determination', 'listing', 'recognition', 'verification', 'shielding') then e.authority_key
        end as authority_key,
        core.comparable(e.authority_name) as authority_name
    from core.claim as e
    inner join core.touched_subject as t on e.subject_key = t.subject_key and t.run_id = %(run_id)s
    inner join core_next.determination as d on e.subject_key = d.subject_key
    inner join core.claim as c on d.subject_key = c.subject_key and d.claim_key = c.claim_key
    left join core.standing_claim as s on e.subject_key = s.subject_key and e.fact_key = s.fact_key
    left join core.claim as w on s.subject_key = w.subject_key and s.claim_key = w.claim_key
    where
        not e.is_entitled
        and e.effective_on <= %(valid_on)s
        and (
            s.claim_key is null
            or s.claim_key = e.claim_key
            or (
                e.content_hash <> w.content_hash
                and (coalesce(core.state_date(e.act, e.document_on), '-infinity'), e.revision, e.data_date, e.sequence)
                >= (coalesce(core.state_date(w.act, w.document_on), '-infinity'), w.revision, w.data_date, w.sequence)
            )
        )
        and case
            when e.act in ('determination', 'listing', 'recognition') then e.fact_key = d.fact_key
            when e.act = 'verification'
                then
                    d.determination_kind = 'recognition' and e.body ->> 'verdict_code' = 'not_confirmed'
                    and e.document_on >= c.document_on
                    and (e.body ->> 'list_code', e.body ->> 'case_no') = (c.body ->> 'list_code', c.body ->> 'case_no')
            when e.act = 'shielding' then %(valid_on)s <= coalesce((e.body ->> 'until_on')::date, 'infinity')
            else c.document_key = e.document_key and core.may_change(e.act, e.body)
        end
    order by null::text
)

select distinct
    a.subject_key,
    a.record_key,
    a.claim_key,
    'unentitled'
from about as a
inner join core.claim as c on a.subject_key = c.subject_key and a.fact_key = c.fact_key
where a.authority_key is null or a.authority_key = c.authority_key or a.authority_name = core.comparable(c.authority_name);
