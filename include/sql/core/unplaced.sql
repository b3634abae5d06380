-- Acts on a decision that find no record, though but one thing parts them from it: they give no code while several parties are known by
-- that name, or another code, or another authority. Whose record they would change is not known, so none may be relied on. An objection
-- does so until a ruling answers it, under its own subject or the decision's; a decision's own row that says it was revoked, until its
-- unit says of any such party that the decision is in force.
-- Grain: one such act, or one claim of a decision that it may mean. Key: (subject_key, claim_key). Safe to re-run: each build finds
-- them anew, and touches whom such an act held before (core/touched).

-- section: clear
truncate core_next.unplaced;

-- section: find
insert into core_next.unplaced (subject_key, claim_key)
-- What leads across subjects is looked up first, as in core/move.
with told as materialized (
    select distinct c.document_key
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    where
        t.run_id = %(run_id)s
        and c.document_key is not null
        and c.act in (
            'determination', 'listing', 'recognition', 'modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling'
        )
),

acting as materialized (
    select
        c.subject_key,
        c.claim_key,
        -- the fact of a decision's own row names the authority, which may be what is wrong
        case when c.act = 'determination' then c.document_key else c.fact_key end as fact_key,
        c.document_key,
        c.authority_key,
        c.unit_code,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name,
        c.act = 'objection' or core.may_change(c.act, c.body) as may_change,
        c.act = 'determination' as is_own_row,
        array[c.data_date - '1970-01-01'::date, c.sequence] as told_at,
        c.act = 'ruling' and c.is_entitled as is_answer,
        case when c.act in ('objection', 'ruling') then c.document_no end as objection_no,
        -- an objection comes before each ruling of its own day
        array[c.effective_on - '1970-01-01'::date] || case
            when c.act = 'ruling' then array[c.revision, c.data_date - '1970-01-01'::date, c.sequence]
        end as place
    from told as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        -- Not by what the planner counted: of acts there may have been none when it did, and it would go through all of `told` for each.
        (
            c.act || '' in ('modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling')
            or (c.act || '' = 'determination' and core.may_change(c.act, c.body))
        )
        and c.effective_on <= %(valid_on)s
        and c.party_scheme <> 'person'
),

determined as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.fact_key,
        c.document_key,
        c.authority_key,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name,
        array[c.data_date - '1970-01-01'::date, c.sequence] as told_at,
        case when c.act = 'determination' then c.body ->> 'status_code' end as status_code,
        c.unit_code,
        q.claim_key is not null as is_doubtful
    from core.claim as c
    left join core.doubtful_code as q on c.subject_key = q.subject_key and c.claim_key = q.claim_key
    where
        c.document_key in (select a.document_key from acting as a)
        and c.act in ('determination', 'listing', 'recognition')
        and (c.party_scheme in ('uscc', 'org_code', 'registration_no') or (c.party_scheme = 'name' and c.subject_key <> c.candidate_key))
),

-- by what an act can tell whom it means: a name in the decision or in the register, or the subject itself
party as materialized (
    select
        d.subject_key,
        d.document_key,
        d.party_name as called
    from determined as d
    union
    select
        d.subject_key,
        d.document_key,
        i.value
    from determined as d
    inner join core.subject_identifier as i on d.subject_key = i.subject_key and i.scheme = 'name'
    union
    select
        d.subject_key,
        d.document_key,
        d.subject_key as called
    from determined as d
),

-- Of the rulings on one objection the last counts (core/determination): it answers what comes before it, and is an act itself.
answered as materialized (
    select
        subject_key,
        document_key,
        objection_no,
        max(place) as place
    from acting
    where is_answer
    group by subject_key, document_key, objection_no
),

likened as materialized (
    select
        a.subject_key as act_subject_key,
        a.claim_key as act_claim_key,
        a.fact_key as act_fact_key,
        a.may_change,
        a.told_at,
        d.subject_key,
        d.fact_key,
        bool_or(s.is_same and a.subject_key = d.subject_key) as is_placed,
        bool_or(d.is_doubtful) as is_doubtful,
        max(d.told_at) filter (where d.told_at <= a.told_at) as decided_at,
        max(d.told_at) filter (where a.is_own_row and d.status_code = 'normal' and d.unit_code = a.unit_code) as restored_at,
        coalesce(bool_or(a.place < r.place), false) as is_answered
    from acting as a
    cross join lateral (values (a.party_name), (a.subject_key)) as w (called)
    inner join party as p on a.document_key = p.document_key and w.called = p.called
    inner join determined as d on p.document_key = d.document_key and p.subject_key = d.subject_key
    cross join lateral (
        values (coalesce(a.authority_key is null or a.authority_key = d.authority_key or a.authority_name = d.authority_name, false))
    ) as s (is_same)
    left join answered as r
        on a.document_key = r.document_key and a.objection_no = r.objection_no and r.subject_key in (a.subject_key, d.subject_key)
    where
        (s.is_same or a.subject_key = d.subject_key)
        -- what says that a decision was revoked finds the rows that tell the decision, not itself
        and not (a.is_own_row and coalesce(d.status_code = 'revoked', false))
    group by a.subject_key, a.claim_key, a.fact_key, a.may_change, a.told_at, d.subject_key, d.fact_key
),

-- when the same was last told under the decision's own subject
acted as (
    select
        l.*,
        max(l.told_at) filter (where l.is_placed) over (partition by l.act_fact_key, l.subject_key, l.fact_key) as acted_at
    from likened as l
),

-- Told later under the subject of any decision that it may mean, an act has found it. Of two rows of one file each means another.
-- Under a code that another has outweighed since, it found a mistyped row: what that was told as later on, it may mean.
judged as (
    select
        a.*,
        bool_or((a.is_placed and not a.is_doubtful) or a.is_answered) over one_act as is_settled,
        max(a.decided_at) filter (where a.is_placed) over one_act as placed_at,
        max(a.acted_at) over one_act as last_at,
        max(a.restored_at) over one_act as last_restored_at
    from acted as a
    window one_act as (partition by a.act_subject_key, a.act_claim_key)
),

lost as materialized (
    select
        act_subject_key,
        act_claim_key,
        subject_key,
        fact_key
    from judged
    where
        may_change and not is_placed and not is_settled and coalesce(decided_at < placed_at, true)
        and coalesce(acted_at < told_at, true) and coalesce(last_at <= told_at, true) and coalesce(last_restored_at <= told_at, true)
)

select
    act_subject_key,
    act_claim_key
from lost
union
select
    d.subject_key,
    d.claim_key
from lost as l
inner join determined as d on l.subject_key = d.subject_key and l.fact_key = d.fact_key;

-- section: touch
-- After the touched subjects were named: these keep their names.
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    subject_key,
    %(run_id)s,
    'doubted'
from core_next.unplaced
on conflict (subject_key, run_id) do nothing;
