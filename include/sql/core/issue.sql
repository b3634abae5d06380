-- What the fold finds about evidence in the light of all other evidence; who must act is in the issue catalogue.
-- Grain: one finding on one claim. Key: issue_id, from code, file, row. Safe to re-run: a touched subject's are made anew, and
-- written where they differ. What else an issue says follows from claim and code, and keeps the time when it was first known.

-- section: clear
truncate core_next.issue;

-- section: fold
insert into core_next.issue (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at, subject_key
)
-- What other tables say of the touched subjects is looked up for all of them at once; each claim is then read a single time.
with registered as (
    select
        i.subject_key,
        array_agg(i.value) as names
    from core.subject_identifier as i
    inner join core.touched_subject as t on i.subject_key = t.subject_key and t.run_id = %(run_id)s
    where i.scheme = 'name'
    group by i.subject_key
),

acting as (
    select distinct
        e.subject_key,
        e.claim_key
    from core.record_event as e
    inner join core.touched_subject as t on e.subject_key = t.subject_key and t.run_id = %(run_id)s
),

objected as (
    select
        o.subject_key,
        o.objection_no,
        c.document_key,
        min(o.raised_on) as raised_on
    from core.objection as o
    inner join core.touched_subject as t on o.subject_key = t.subject_key and t.run_id = %(run_id)s
    inner join core.claim as c on o.subject_key = c.subject_key and o.file_id = c.file_id and o.row_no = c.row_no
    group by o.subject_key, o.objection_no, c.document_key
),

early as (
    select distinct
        r.subject_key,
        r.file_id,
        r.row_no
    from core.repair as r
    inner join core.touched_subject as t on r.subject_key = t.subject_key and t.run_id = %(run_id)s
    where r.state = 'too_early'
),

standing as materialized (
    select
        s.subject_key,
        s.fact_key,
        s.claim_key
    from core.touched_subject as t
    inner join core.standing_claim as s on t.subject_key = s.subject_key
    where t.run_id = %(run_id)s
),

determined as materialized (
    select
        d.subject_key,
        d.claim_key,
        l.display_until,
        'branch_under_head_office' = any(h.hold_codes) as is_under_head_office
    from core_next.determination as d
    left join core_next.record_law as l on d.subject_key = l.subject_key and d.record_key = l.record_key
    left join core_next.record_hold as h on d.subject_key = h.subject_key and d.record_key = h.record_key
),

-- held records are looked at in each build, so this is said of them alone
doubtful as (
    select
        r.subject_key,
        r.claim_key
    from core.doubtful_code as q
    inner join core.record as r on q.subject_key = r.subject_key and q.claim_key = r.claim_key
    where r.state <> 'revoked'
),

-- rows of a revoked decision that do not say whether it is in force, and none after them does; and what another unit than the one that
-- revoked it says is in force (core/record)
silent as (
    select
        c.subject_key,
        c.claim_key,
        coalesce(c.body ->> 'status_code', '') = 'normal' as is_said_in_force
    from core.touched_subject as t
    inner join core.record as r on t.subject_key = r.subject_key
    inner join core.claim as s
        on
            r.subject_key = s.subject_key and s.file_id = r.provenance -> 'state' ->> 'file_id'
            and s.row_no = (r.provenance -> 'state' ->> 'row_no')::bigint
    inner join core.claim as c on s.subject_key = c.subject_key and s.document_key = c.document_key
    where
        t.run_id = %(run_id)s
        and r.state_reason = 'revoked_in_submission'
        and c.act = 'determination' and coalesce(c.body ->> 'status_code', '') <> 'revoked'
        and (c.authority_key = s.authority_key or core.comparable(c.authority_name) = core.comparable(s.authority_name))
        and (
            coalesce(c.body ->> 'status_code', '') <> 'normal'
            or (c.unit_code <> s.unit_code and (c.revision, c.data_date, c.sequence) > (s.revision, s.data_date, s.sequence))
        )
        and not exists (
            select from core.claim as o
            where
                o.subject_key = c.subject_key and o.document_key = c.document_key
                and o.act = 'determination' and o.body ->> 'status_code' in ('revoked', 'normal')
                -- of one file's rows the one that says revoked counts last, and one that leaves it open first
                and (o.revision, o.data_date, o.sequence, case when o.body ->> 'status_code' = 'revoked' then 2 else 1 end, o.claim_key)
                > (c.revision, c.data_date, c.sequence, case when c.body ->> 'status_code' = 'normal' then 1 else 0 end, c.claim_key)
        )
),

-- what a template without the authority's code says anew of a decision that a fuller one told (core/determination)
outweighed as (
    select distinct
        c.subject_key,
        c.claim_key
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    inner join core.claim as o
        on c.subject_key = o.subject_key and c.document_key = o.document_key and c.act = o.act
    inner join core_next.determination as d on o.subject_key = d.subject_key and o.claim_key = d.claim_key
    where
        t.run_id = %(run_id)s
        and c.act = 'determination' and c.authority_code is null and o.authority_code is not null
        and core.comparable(c.authority_name) = core.comparable(o.authority_name)
        and (c.revision, c.data_date, c.sequence) > (o.revision, o.data_date, o.sequence)
        and c.body ->> 'penalty_text' <> o.body ->> 'penalty_text'
),

-- within which days a unit told a decision
dated as (
    select
        c.subject_key,
        c.document_key,
        c.unit_code,
        min(c.data_date) as first_on,
        max(c.data_date) as last_on
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    where t.run_id = %(run_id)s and c.act = 'determination'
    group by c.subject_key, c.document_key, c.unit_code
),

-- penalties that say under another number what their unit told before and has not told since: a number may have been corrected
renumbered as (
    select
        subject_key,
        claim_key
    from (
        select
            r.subject_key,
            r.claim_key,
            d.first_on > min(d.last_on) over (
                partition by r.subject_key, r.unit_code, r.document_on, r.authority_name, r.fact, r.penalty_text
            ) as is_renumbered
        from core.record as r
        inner join dated as d
            on r.subject_key = d.subject_key and r.unit_code = d.unit_code and core.comparable(r.document_no) = d.document_key
        where r.determination_kind = 'penalty' and r.state in ('active', 'corrected')
    ) as told
    where is_renumbered
),

-- Two claims of a fact that differ can't both stand, so most facts need no look here.
disputed as (
    select distinct
        c.subject_key,
        c.fact_key
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    left join standing as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    where s.claim_key is null
),

contradicting as (
    select
        subject_key,
        claim_key
    from (
        select
            c.subject_key,
            c.claim_key,
            min(c.content_hash) over place <> max(c.content_hash) over place as contradicts
        from core.claim as c
        inner join disputed as d on c.subject_key = d.subject_key and c.fact_key = d.fact_key
        window place as (
            partition by c.subject_key, c.fact_key, c.is_entitled, c.document_on, c.revision, c.data_date, c.sequence
        )
    ) as placed
    where contradicts
    union
    select
        e.subject_key,
        e.claim_key
    from core.record_event as e
    inner join core.touched_subject as t on e.subject_key = t.subject_key and t.run_id = %(run_id)s
    inner join core.record_event as f
        on e.subject_key = f.subject_key and e.record_key = f.record_key and f.act = 'modification'
    inner join core.claim as c on e.subject_key = c.subject_key and e.claim_key = c.claim_key
    inner join core.claim as o on f.subject_key = o.subject_key and f.claim_key = o.claim_key
    where
        e.act = 'modification' and o.effective_on = c.effective_on
        and core.penalty(o.body) <> core.penalty(c.body)
),

-- who bears a registration number that a touched register states, whichever subject
stated as materialized (
    select distinct c.party_registration_no as registration_no
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    where c.act = 'registration'
),

bearer as materialized (
    select
        i.value as registration_no,
        min(i.subject_key) as first_key,
        max(i.subject_key) as last_key
    from core.subject_identifier as i
    where i.scheme = 'registration_no' and i.value in (select s.registration_no from stated as s)
    group by i.value
),

-- Of a claim's body two fields are wanted, so they are taken out first: joins that carry whole bodies take the disk.
told as (
    select
        c.file_id,
        c.row_no,
        c.subject_key,
        c.claim_key,
        c.candidate_key,
        c.fact_key,
        c.party_scheme,
        c.act,
        c.document_key,
        c.document_no,
        c.effective_on,
        -- days as texts: Citus takes into VALUES no cast that a setting could change
        c.document_on::text as document_day,
        c.effective_on::text as effective_day,
        c.data_date,
        c.party_name,
        c.party_code,
        c.party_org_code,
        c.party_registration_no,
        c.unit_code,
        c.is_entitled,
        case when c.act = 'recognition' then c.body ->> 'case_no' end as case_no,
        c.body ? 'category_assumed' as is_category_assumed
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    order by null::text
),

claim as (
    select
        c.*,
        s.claim_key is not null and c.effective_on <= %(valid_on)s as is_standing,
        s.claim_key is not null and c.effective_on > %(valid_on)s as stands_later,
        x.claim_key is not null as contradicts,
        a.claim_key is not null as acts_on_record,
        d.claim_key is not null as determines,
        coalesce(o.raised_on <= c.effective_on, false) as has_objection,
        d.display_until < c.data_date as is_over,
        r.row_no is not null as is_too_early,
        coalesce(d.is_under_head_office, false) as is_under_head_office,
        q.claim_key is not null as is_code_in_doubt,
        u.claim_key is not null as is_unplaced,
        not v.is_said_in_force as is_silent,
        v.is_said_in_force,
        y.claim_key is not null as is_outweighed,
        z.claim_key is not null as is_renumbered,
        coalesce(w.is_told_of_another, false) as is_told_of_another,
        n.names
    from told as c
    left join standing as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    left join determined as d on c.subject_key = d.subject_key and c.claim_key = d.claim_key
    left join registered as n on c.subject_key = n.subject_key
    left join acting as a on c.subject_key = a.subject_key and c.claim_key = a.claim_key
    left join objected as o
        on c.subject_key = o.subject_key and c.document_no = o.objection_no and c.document_key = o.document_key
    left join contradicting as x on c.subject_key = x.subject_key and c.claim_key = x.claim_key
    left join early as r on c.subject_key = r.subject_key and c.file_id = r.file_id and c.row_no = r.row_no
    left join core_next.unplaced as u on c.subject_key = u.subject_key and c.claim_key = u.claim_key
    left join doubtful as q on c.subject_key = q.subject_key and c.claim_key = q.claim_key
    left join core_next.rival as w on c.subject_key = w.subject_key and c.claim_key = w.claim_key
    left join silent as v on c.subject_key = v.subject_key and c.claim_key = v.claim_key
    left join outweighed as y on c.subject_key = y.subject_key and c.claim_key = y.claim_key
    left join renumbered as z on c.subject_key = z.subject_key and c.claim_key = z.claim_key
),

finding as (
    select
        c.file_id,
        c.row_no,
        c.subject_key,
        f.field,
        f.value,
        f.issue_code
    from claim as c
    left join bearer as b on c.party_registration_no = b.registration_no
    cross join lateral (
        values
        ('document_no', c.document_no, 'contradicting_versions', c.contradicts),
        (
            'document_no', c.document_no,
            case
                when c.act = 'objection' then 'objection_without_record'
                when c.act = 'ruling' then 'ruling_without_objection'
                when c.act = 'repair' then 'repair_without_record'
                when c.act = 'delisting' then 'removal_without_listing'
                else 'change_without_decision'
            end,
            c.is_standing and (c.is_entitled or c.act = 'objection') and case
                when c.is_unplaced then false
                when c.act in ('modification', 'revocation', 'objection', 'repair', 'delisting') then not c.acts_on_record
                else c.act = 'ruling' and not c.has_objection
            end
        ),
        (
            'case_no', c.case_no, 'recognition_without_verification',
            c.is_standing and c.act = 'recognition' and not c.determines
        ),
        (
            'party_name', c.party_name, 'name_code_disagree',
            c.names is not null and c.party_scheme in ('uscc', 'org_code', 'registration_no') and c.act <> 'registration'
            and core.comparable(c.party_name) <> all(c.names)
        ),
        (
            'party_code', coalesce(c.party_code, c.party_org_code, c.party_registration_no), 'code_in_doubt', c.is_code_in_doubt
        ),
        ('party_name', c.party_name, 'act_unplaced', c.is_unplaced),
        ('document_no', c.document_no, 'told_of_another_party', c.is_standing and c.is_told_of_another),
        ('document_no', c.document_no, 'told_under_another_number', c.is_renumbered),
        ('party_name', c.party_name, 'branch_under_head_office', c.is_under_head_office),
        ('party_code', c.party_code, 'subject_unknown', c.party_scheme = 'uscc' and c.names is null),
        ('party_name', c.party_name, 'subject_by_name_only', c.party_scheme = 'name' and c.subject_key = c.candidate_key),
        ('status_code', c.document_no, 'revoked_before', c.is_silent),
        ('status_code', c.document_no, 'revoked_by_another_unit', c.is_said_in_force),
        ('penalty_content', c.document_no, 'fuller_template_differs', c.is_outweighed),
        ('party_category_code', c.document_no, 'party_category_missing', c.is_category_assumed),
        ('document_on', c.effective_day, 'takes_effect_later', c.stands_later and c.act <> 'registration'),
        ('document_on', c.document_day, 'window_over_on_arrival', c.is_over),
        (
            'party_registration_no', c.party_registration_no, 'identifier_shared',
            c.act = 'registration' and (b.first_key <> c.subject_key or b.last_key <> c.subject_key)
        ),
        ('authority_name', c.unit_code, 'authority_not_entitled', not c.is_entitled),
        ('ruled_on', c.effective_day, 'repair_too_early', c.is_too_early)
    ) as f (field, value, issue_code, holds)
    where f.holds
)

select
    core.key('claim', f.issue_code, f.file_id, f.row_no::text),
    f.file_id,
    f.row_no,
    f.field,
    f.issue_code,
    i.attributes ->> 'severity',
    i.attributes ->> 'responsibility',
    f.value,
    replace(i.attributes ->> 'message', '{value}', coalesce(f.value, '')),
    i.attributes ->> 'fix',
    'fold',
    %(known_at)s,
    f.subject_key
from finding as f
left join ref.code as i on i.list_code = 'issues' and f.issue_code = i.code;

-- section: remove
with gone as materialized (
    select i.issue_id
    from core.touched_subject as t
    inner join ops.issue as i on t.subject_key = i.subject_key
    left join core_next.issue as w on t.subject_key = w.subject_key and i.issue_id = w.issue_id
    where t.run_id = %(run_id)s and w.issue_id is null
)

delete from ops.issue as i using gone as g
where i.issue_id = g.issue_id;

-- section: add
insert into ops.issue
with standing as materialized (
    select
        i.subject_key,
        i.issue_id
    from core.touched_subject as t
    inner join ops.issue as i on t.subject_key = i.subject_key
    where t.run_id = %(run_id)s
)

select w.*
from core_next.issue as w
left join standing as s on w.subject_key = s.subject_key and w.issue_id = s.issue_id
where s.issue_id is null
on conflict (issue_id) do nothing;
