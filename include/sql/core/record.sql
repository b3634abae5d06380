-- Records: what stands, in which state, for whom to see (D1, D5, E1). Grain: one record. Key: (subject_key, record_key).
-- Safe to re-run: the rows of a touched subject are made anew, and written where they differ (core/change);
-- content_hash covers what is about the record: not valid_on, nor holds that change nothing about it.
-- Of several ends the strongest names the state: revoked, repaired, expired, shielded; then corrected; then active.

-- section: fold
insert into core_next.record (
    subject_key, record_key, determination_kind, catalogue_class_code, document_no, document_on,
    authority_name, authority_code, party_name, party_code, party_category_code,
    conduct_type, fact, basis, penalty_text, fine_yuan, confiscated_yuan, region_code, unit_code, case_key,
    severity_code, state, state_reason, state_document_no, state_on, is_under_objection,
    disclosure_class, disclosure_reason, display_from, display_until, repairable_from,
    policy_rule, is_policy_confirmed, provenance, content_hash, valid_on, claim_key, hold_codes
)
-- What ends or narrows a record is looked up for all touched subjects at once: most records have none of it.
with acting as materialized (
    select e.*
    from core.touched_subject as t
    inner join core.record_event as e on t.subject_key = e.subject_key
    where t.run_id = %(run_id)s
),

ending as (
    select distinct on (e.subject_key, e.record_key)
        e.subject_key,
        e.record_key,
        case when e.act in ('revocation', 'ruling') then 1 else 2 end as strength,
        case
            when e.act = 'revocation' then 'revoked_by_authority' when e.act = 'ruling' then 'objection_upheld'
            when e.act = 'repair' then 'repair_granted' when e.act = 'delisting' then 'removed_from_list'
        end as reason,
        g.document_no,
        g.effective_on,
        g.claim_key,
        g.file_id,
        g.row_no
    from acting as e
    inner join core.claim as g on e.subject_key = g.subject_key and e.claim_key = g.claim_key
    left join core.repair as r
        on g.subject_key = r.subject_key and e.record_key = r.record_key and g.file_id = r.file_id and g.row_no = r.row_no
    where
        e.act in ('revocation', 'delisting')
        or (e.act = 'repair' and r.state = 'granted')
        or (
            e.act = 'ruling' and g.body ->> 'correction_code' = 'withdraw'
            and g.body ->> 'ruling_code' in ('upheld', 'partly_upheld')
        )
    order by
        e.subject_key asc, e.record_key asc, case when e.act in ('revocation', 'ruling') then 1 else 2 end asc,
        g.effective_on asc, g.claim_key asc
),

shield as (
    select distinct on (g.subject_key) g.*
    from core.shield as g
    inner join core.touched_subject as t on g.subject_key = t.subject_key and t.run_id = %(run_id)s
    where %(valid_on)s between g.effective_on and g.until_on
    order by g.subject_key asc, g.effective_on asc, g.claim_key asc
),

objected as (
    select
        o.subject_key,
        o.record_key,
        jsonb_agg(o.objection_no order by o.objection_no) as objection_nos
    from core.objection as o
    inner join core.touched_subject as t on o.subject_key = t.subject_key and t.run_id = %(run_id)s
    where o.state = 'open'
    group by o.subject_key, o.record_key
),

-- A row that leaves the status out takes back nothing that an earlier one stated, whichever template told it; and what was revoked is in
-- force again only where a later row of the unit that said so says that it is: another may not know of it. Nearly all that state one say
-- that nothing happened: only where one says more are they laid beside the decisions.
saying as materialized (
    select
        e.subject_key,
        e.claim_key,
        e.document_key,
        e.authority_key,
        e.authority_name,
        e.document_no,
        e.effective_on,
        e.is_entitled,
        e.unit_code,
        e.revision,
        e.data_date,
        e.sequence,
        e.file_id,
        e.row_no,
        e.body ->> 'status_code' as status_code
    from core.touched_subject as t
    inner join core.claim as e on t.subject_key = e.subject_key
    where t.run_id = %(run_id)s and e.act = 'determination' and e.body ? 'status_code' and e.effective_on <= %(valid_on)s
),

stirred as materialized (
    select distinct
        subject_key,
        document_key
    from saying
    where status_code in ('revoked', 'objection')
),

-- an authority is known by each name that a row of the decision gave it (core/determination)
said as (
    select distinct
        d.record_key,
        e.*,
        array[e.revision, e.data_date - '1970-01-01'::date, e.sequence, (e.status_code = 'revoked')::int] as place
    from stirred as t
    inner join saying as e on t.subject_key = e.subject_key and t.document_key = e.document_key
    inner join core.claim as c on e.subject_key = c.subject_key and e.document_key = c.document_key
    inner join core_next.determination as d on c.subject_key = d.subject_key and c.fact_key = d.fact_key
    where
        d.determination_kind = 'penalty'
        and (e.is_entitled or e.claim_key = d.claim_key)
        and (e.authority_key = c.authority_key or core.comparable(e.authority_name) = core.comparable(c.authority_name))
),

revoking as (
    select
        subject_key,
        record_key,
        unit_code
    from said
    where status_code in ('revoked', 'normal')
    group by subject_key, record_key, unit_code
    having (array_agg(status_code order by place desc, claim_key asc))[1] = 'revoked'
),

last_said as (
    select
        s.subject_key,
        s.record_key,
        case
            when bool_or(r.unit_code is not null) then 'revoked'
            else (array_agg(s.status_code order by s.place desc, s.claim_key asc))[1]
        end as status_code
    from said as s
    left join revoking as r on s.subject_key = r.subject_key and s.record_key = r.record_key and s.unit_code = r.unit_code
    group by s.subject_key, s.record_key
),

-- The first row that says what the last one says: repeating it changes nothing, not even the provenance.
stated as (
    select distinct on (s.subject_key, s.record_key) s.*
    from last_said as l
    inner join said as s on l.subject_key = s.subject_key and l.record_key = s.record_key and l.status_code = s.status_code
    left join revoking as r on s.subject_key = r.subject_key and s.record_key = r.record_key and s.unit_code = r.unit_code
    where s.status_code <> 'revoked' or r.unit_code is not null
    order by s.subject_key asc, s.record_key asc, s.data_date asc, s.sequence asc, s.claim_key asc
),

known as (
    select
        b.subject_key,
        b.region_code
    from core.touched_subject as t
    inner join core.subject as b on t.subject_key = b.subject_key
    where t.run_id = %(run_id)s
),

disclosure as materialized (
    select
        rule_code,
        effective_from,
        coalesce(effective_until, 'infinity') as effective_until,
        body ->> 'class' as class_code,
        array_position(array['internal', 'government', 'public'], body ->> 'class') as place
    from ref.policy
    where policy_code = 'disclosure'
),

whole as (
    select
        d.subject_key,
        d.record_key,
        d.determination_kind,
        c.body ->> 'catalogue_class_code' as catalogue_class_code,
        c.document_no,
        c.document_on,
        c.authority_name,
        c.authority_code,
        c.party_name,
        c.party_code,
        c.party_category_code,
        c.body ->> 'conduct_type' as conduct_type,
        c.body ->> 'fact' as fact,
        c.body ->> 'basis' as basis,
        l.penalty_text,
        l.fine_yuan,
        l.confiscated_yuan,
        coalesce(c.body ->> 'region_code', b.region_code) as region_code,
        c.unit_code,
        d.case_key,
        l.severity_code,
        coalesce((array['revoked', 'repaired', 'expired', 'shielded', 'corrected'])[s.strength], 'active') as state,
        s.reason as state_reason,
        s.document_no as state_document_no,
        s.ended_on as state_on,
        f.objection_nos is not null or coalesce(i.status_code, '') = 'objection' as is_under_objection,
        coalesce(p.class_code, 'public') as disclosure_class,
        coalesce(p.rule_code, 'open_by_law') as disclosure_reason,
        c.document_on as display_from,
        l.display_until,
        l.repairable_from,
        l.policy_rule,
        l.is_policy_confirmed,
        jsonb_strip_nulls(jsonb_build_object(
            'determination', jsonb_build_object('file_id', c.file_id, 'row_no', c.row_no, 'document_no', c.document_no),
            'correction', case
                when x.claim_key is not null
                    then
                        jsonb_build_object('file_id', x.file_id, 'row_no', x.row_no, 'document_no', x.document_no)
            end,
            'state', case
                when s.claim_key is not null
                    then
                        jsonb_build_object('file_id', s.file_id, 'row_no', s.row_no, 'document_no', s.document_no)
            end,
            'objections', f.objection_nos
        )) as provenance
    from core_next.determination as d
    -- outer, though none is missing: the planner then keeps to the count of determinations
    left join core.claim as c on d.subject_key = c.subject_key and d.claim_key = c.claim_key
    left join core_next.record_law as l on d.subject_key = l.subject_key and d.record_key = l.record_key
    left join known as b on d.subject_key = b.subject_key
    left join core.claim as x on l.subject_key = x.subject_key and l.correction_claim_key = x.claim_key
    left join ending as e on d.subject_key = e.subject_key and d.record_key = e.record_key
    left join stated as i on d.subject_key = i.subject_key and d.record_key = i.record_key
    left join shield on d.subject_key = shield.subject_key
    left join objected as f on d.subject_key = f.subject_key and d.record_key = f.record_key
    left join core_next.record_hold as h on d.subject_key = h.subject_key and d.record_key = h.record_key
    left join lateral (
        select v.*
        from (
            values
            (e.strength, e.reason, e.document_no, e.effective_on, e.claim_key, e.file_id, e.row_no),
            (
                case when i.status_code = 'revoked' then 1 end, 'revoked_in_submission', i.document_no, i.effective_on,
                i.claim_key, i.file_id, i.row_no
            ),
            (case when l.display_until < %(valid_on)s then 3 end, 'window_over', null, l.display_until + 1, null, null, null),
            (
                case when shield.claim_key is not null then 4 end, 'bankruptcy_reorganisation', shield.document_no,
                shield.effective_on, shield.claim_key, shield.file_id, shield.row_no
            ),
            (case when x.claim_key is not null then 5 end, x.act, x.document_no, x.effective_on, x.claim_key, x.file_id, x.row_no)
        ) as v (strength, reason, document_no, ended_on, claim_key, file_id, row_no)
        where v.strength is not null
        order by v.strength, v.ended_on, v.claim_key
        limit 1
    ) as s on true
    left join lateral (
        select
            q.rule_code,
            q.class_code
        from disclosure as q
        where q.rule_code = any(h.hold_codes) and c.document_on >= q.effective_from and c.document_on <= q.effective_until
        order by q.place, q.rule_code
        limit 1
    ) as p on true
    -- computed once, not again for the hash: see core/claim
    order by null::text
)

select
    w.*,
    encode(sha256(convert_to(w::text, 'UTF8')), 'hex'),
    %(valid_on)s,
    d.claim_key,
    coalesce(h.hold_codes, '{}')
from whole as w
left join core_next.determination as d on w.subject_key = d.subject_key and w.record_key = d.record_key
left join core_next.record_hold as h on w.subject_key = h.subject_key and w.record_key = h.record_key;
