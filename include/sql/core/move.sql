-- Moves claims to the subject that registers, documents or people say is theirs.
-- Grain: one claim whose subject changes. Key: (subject_key, claim_key). Safe to re-run: what is in place is not moved.
-- An automatic move rests on a code or on a document's number, authority and party, never on a name alone (I9).

-- section: find
insert into core.claim_move (subject_key, claim_key, target_key, run_id)
-- What leads across subjects is looked up first, each by itself: on Citus such a list goes to every worker.
with touched as materialized (
    select subject_key from core.touched_subject
    where run_id = %(run_id)s
),

code as materialized (
    select distinct
        i.scheme,
        i.value
    from core.touched_subject as t
    inner join core.subject_identifier as i
        on t.subject_key = i.subject_key and i.scheme in ('org_code', 'registration_no')
    where t.run_id = %(run_id)s
),

-- what may be another's by its code, by what people say, or by a recorded change of key
candidate as materialized (
    select
        c.subject_key,
        c.claim_key
    from touched as t
    inner join core.claim as c on t.subject_key = c.subject_key and c.party_scheme in ('org_code', 'registration_no', 'name')
    union
    select
        c.subject_key,
        c.claim_key
    from code as i
    inner join core.claim as c on i.value = c.party_org_code and c.party_scheme = 'org_code'
    where i.scheme = 'org_code'
    union
    select
        c.subject_key,
        c.claim_key
    from code as i
    inner join core.claim as c on i.value = c.party_registration_no and c.party_scheme in ('org_code', 'registration_no')
    where i.scheme = 'registration_no'
    union
    select
        c.subject_key,
        c.claim_key
    from core.match_decision as m
    inner join core.claim as c on m.candidate_key = c.candidate_key and c.party_scheme <> 'uscc'
    where m.judgement <> 'proposed'
    union
    select
        c.subject_key,
        c.claim_key
    from core.rekey as r
    inner join core.claim as c on r.old_subject_key = c.subject_key
),

-- decisions that come, or may move: what names their parties alone goes where they go
document as materialized (
    select d.document_key
    from core.touched_subject as t
    inner join core.claim as d on t.subject_key = d.subject_key and d.act in ('determination', 'listing', 'recognition')
    where t.run_id = %(run_id)s and d.document_key is not null
    union
    select d.document_key
    from candidate as x
    inner join core.claim as d
        on x.subject_key = d.subject_key and x.claim_key = d.claim_key and d.act in ('determination', 'listing', 'recognition')
    where d.document_key is not null
),

doubtful as materialized (
    select
        subject_key,
        claim_key
    from candidate
    union
    select
        c.subject_key,
        c.claim_key
    from document as d
    inner join core.claim as c on d.document_key = c.document_key and c.party_scheme = 'name'
),

claim as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.candidate_key,
        c.party_scheme,
        c.party_org_code,
        c.party_registration_no,
        case
            when c.act not in ('determination', 'listing', 'recognition', 'registration') then c.document_key
        end as document_key,
        c.authority_key,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as name
    from core.claim as c
    -- joined by both keys, the planner would take them for one row, and go through lists as long as this one for each
    where (c.subject_key, c.claim_key) in (select * from doubtful)
),

led as materialized (
    select
        old_key,
        new_key
    from core.current_key
),

-- two keys that people said are one subject's count as one
coded as materialized (
    select
        i.scheme,
        i.value,
        min(coalesce(k.new_key, i.subject_key)) as subject_key
    from core.subject_identifier as i
    left join led as k on i.subject_key = k.old_key
    where
        (i.scheme = 'org_code' and i.value in (select party_org_code from claim))
        or (i.scheme = 'registration_no' and i.value in (select party_registration_no from claim))
    group by i.scheme, i.value
    having count(distinct coalesce(k.new_key, i.subject_key)) = 1
),

resolved as materialized (
    select
        c.*,
        coalesce(case
            when c.party_scheme = 'org_code' then coalesce(o.subject_key, r.subject_key)
            when c.party_scheme = 'registration_no' then r.subject_key
        end, c.candidate_key) as base_key
    from claim as c
    left join coded as o on o.scheme = 'org_code' and c.party_org_code = o.value
    left join coded as r on r.scheme = 'registration_no' and c.party_registration_no = r.value
),

-- under the subjects that they have after this move
determined as materialized (
    select distinct
        e.document_key,
        e.authority_key,
        core.comparable(e.authority_name) as authority_name,
        core.comparable(e.party_name) as name,
        coalesce(k.new_key, r.base_key, e.subject_key) as subject_key
    from core.claim as e
    left join resolved as r on e.subject_key = r.subject_key and e.claim_key = r.claim_key
    left join led as k on coalesce(r.base_key, e.subject_key) = k.old_key
    where
        e.document_key in (select document_key from claim)
        and e.act in ('determination', 'listing', 'recognition')
        -- a name alone tells nothing unless people said whose it is
        and (e.party_scheme <> 'name' or coalesce(k.new_key, r.base_key, e.subject_key) <> e.candidate_key)
),

-- who may be meant by several is nobody's: see core/unplaced
meant as materialized (
    select
        c.subject_key,
        c.claim_key,
        min(d.subject_key) as meant_key
    from claim as c
    inner join determined as d on c.document_key = d.document_key and c.name = d.name
    where
        c.party_scheme = 'name'
        and (c.authority_key = d.authority_key or c.authority_name = d.authority_name or c.authority_key is null)
    group by c.subject_key, c.claim_key
    having min(d.subject_key) = max(d.subject_key)
),

based as (
    select
        r.subject_key,
        r.claim_key,
        coalesce(m.meant_key, r.base_key) as base_key
    from resolved as r
    left join meant as m on r.subject_key = m.subject_key and r.claim_key = m.claim_key
)

select
    b.subject_key,
    b.claim_key,
    coalesce(k.new_key, b.base_key),
    %(run_id)s
from based as b
left join led as k on b.base_key = k.old_key
where coalesce(k.new_key, b.base_key) <> b.subject_key;

-- section: copy
insert into core.claim (
    subject_key, claim_key, candidate_key, party_scheme, kind, act, fact_key, document_key, authority_key,
    document_no, document_on, effective_on, authority_name, authority_code,
    party_name, party_code, party_org_code, party_registration_no, party_category_code, region_code,
    unit_code, is_entitled, data_date, revision, sequence, content_hash, file_id, row_no, body, known_at
)
select
    m.target_key,
    c.claim_key,
    c.candidate_key,
    c.party_scheme,
    c.kind,
    c.act,
    c.fact_key,
    c.document_key,
    c.authority_key,
    c.document_no,
    c.document_on,
    c.effective_on,
    c.authority_name,
    c.authority_code,
    c.party_name,
    c.party_code,
    c.party_org_code,
    c.party_registration_no,
    c.party_category_code,
    c.region_code,
    c.unit_code,
    c.is_entitled,
    c.data_date,
    c.revision,
    c.sequence,
    c.content_hash,
    c.file_id,
    c.row_no,
    c.body,
    c.known_at
from core.claim_move as m
inner join core.claim as c on m.subject_key = c.subject_key and m.claim_key = c.claim_key
where m.run_id = %(run_id)s
on conflict (subject_key, claim_key) do nothing;

-- section: drop
delete from core.claim as c using core.claim_move as m
where m.run_id = %(run_id)s and c.subject_key = m.subject_key and c.claim_key = m.claim_key;

-- section: forget
delete from core.claim_move;
