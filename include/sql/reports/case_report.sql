-- What a verification report says of one case: facts, each with the file and row it comes from (C3, C4).
-- Grain: stated at each section. Safe to re-run: reads only. A subject is one that a verification names by its credit code.

-- section: cases
-- One verified case with what was pushed of it and whom it concerns.
select
    c.case_key,
    c.title,
    c.is_followed_up,
    (
        select array_agg(distinct r.unit_code order by r.unit_code)
        from core.target as t
        inner join core.referral as r on t.target_key = r.target_key
        where t.case_key = c.case_key
    ) as unit_codes,
    (
        select jsonb_agg(jsonb_build_object(
            'list_name', coalesce(l.label, p.list_code), 'case_id', p.case_id, 'title', p.title, 'source', p.source_name,
            'published_on', p.published_on, 'link_basis', p.link_basis, 'file_id', p.file_id, 'row_no', p.row_no
        ) order by p.first_pushed_on, p.list_code, p.case_id)
        from core.pushed_case as p
        left join ref.code as l on l.list_code = 'case_list' and p.list_code = l.code
        where p.case_key = c.case_key
    ) as appearances
from core.conduct_case as c
where exists (
    select from core.verification as v
    where v.case_key = c.case_key
)
order by c.case_key collate "C";

-- section: results
-- One verification of the case, with the decision that it names and the recognition that followed.
select
    v.*,
    verdict.label as verdict,
    unit.label as unit,
    (
        select string_agg(m.label, '、' order by m.code)
        from ref.code as m
        where m.list_code = 'verification_method' and m.code = any(v.method_codes)
    ) as methods
from core.verification as v
left join ref.code as verdict on verdict.list_code = 'verdict' and v.verdict_code = verdict.code
left join ref.code as unit on unit.list_code in ('reporting_unit', 'department') and v.unit_code = unit.code
where v.case_key = %(case_key)s
order by v.concluded_on asc, v.verification_key collate "C" asc;

-- section: analysis
-- One fact of one of the six analyses about one subject. item_code names what it is; value is said as the evidence says it.
with own as (
    select c.*
    from core.claim as c
    inner join core.standing_claim as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    where c.subject_key = %(subject_key)s and c.document_on <= %(valid_on)s
),

registration as (
    select * from own
    where act = 'registration'
    order by data_date desc, sequence desc
    limit 1
),

-- what leads to other subjects, looked up by itself: on Citus such a list goes to every worker
represented as materialized (
    select o.token
    from registration as r
    inner join evidence.registry_extract as e on r.file_id = e.file_id and r.row_no = e.row_no
    inner join vault.person_alias as a on e.legal_representative_token = a.token
    inner join vault.person_alias as o on a.person_key = o.person_key
),

related as (
    select
        'head_office' as item_code,
        h.party_name,
        h.file_id,
        h.row_no,
        h.document_on
    from registration as r
    inner join core.claim as h on h.act = 'registration' and h.party_code = upper(r.body ->> 'head_office_code')
    union
    select
        'branch',
        b.party_name,
        b.file_id,
        b.row_no,
        b.document_on
    from registration as r
    inner join core.claim as b on b.act = 'registration' and upper(b.body ->> 'head_office_code') = r.party_code
    union
    -- by the person's lasting key: two people of one name are not one
    select
        'same_representative',
        b.party_name,
        b.file_id,
        b.row_no,
        coalesce(b.approved_on, b.established_on)
    from registration as r
    cross join represented as o
    inner join evidence.registry_extract as b on o.token = b.legal_representative_token
    where upper(b.party_code) <> r.party_code
),

fact as (
    select
        'relationships' as analysis_code,
        item_code,
        party_name as value,
        null::text as detail,
        document_on as stated_on,
        false as is_adverse,
        file_id,
        row_no
    from related
    union all
    select
        'intellectual_property',
        coalesce(c.body ->> 'right_code', 'right'),
        c.body ->> 'right_name',
        concat_ws(' ', c.body ->> 'right_no', s.label),
        c.document_on,
        c.body ->> 'status_code' <> 'valid',
        c.file_id,
        c.row_no
    from own as c
    left join ref.code as s on s.list_code = 'ip_status' and s.code = c.body ->> 'status_code'
    where c.act = 'intellectual_property'
    union all
    select
        'qualifications',
        'licence',
        coalesce(c.body ->> 'certificate_name', c.body ->> 'document_name', c.body ->> 'item_name'),
        concat_ws(' ', c.document_no, c.authority_name, c.body ->> 'valid_until_on'),
        c.document_on,
        coalesce((c.body ->> 'valid_until_on')::date < %(valid_on)s, false),
        c.file_id,
        c.row_no
    from own as c
    where c.act = 'licence'
    union all
    select
        'qualifications',
        'qualification',
        concat_ws(' ', c.body ->> 'qualification_name', c.body ->> 'grade_name'),
        concat_ws(' ', c.document_no, c.authority_name, s.label),
        c.document_on,
        c.body ->> 'status_code' <> 'valid',
        c.file_id,
        c.row_no
    from own as c
    left join ref.code as s on s.list_code = 'qualification_status' and s.code = c.body ->> 'status_code'
    where c.act = 'qualification'
    union all
    select
        'operations',
        i.item_code,
        i.said,
        null,
        c.document_on,
        i.item_code = 'registration_status' and c.body ->> 'registration_status_code' <> 'existing',
        c.file_id,
        c.row_no
    from registration as c
    left join ref.code as s on s.list_code = 'registration_status' and s.code = c.body ->> 'registration_status_code'
    cross join
        lateral (
            values
            ('registration_status', coalesce(s.label, c.body ->> 'registration_status_code')),
            ('party_type', c.body ->> 'party_type_name'),
            ('established_on', c.body ->> 'established_on'),
            ('registered_capital', (c.body ->> 'registered_capital_yuan')),
            ('business_scope', c.body ->> 'business_scope')
        ) as i (item_code, said)
    where i.said <> ''
    union all
    select
        'operations',
        'abnormality',
        c.body ->> 'reason',
        concat_ws(' ', c.authority_name, c.body ->> 'removed_on'),
        c.effective_on,
        c.body ->> 'removed_on' is null,
        c.file_id,
        c.row_no
    from own as c
    where c.act = 'abnormality'
    union all
    select
        'public_credit',
        'record_' || r.state,
        concat_ws(' ', r.document_no, share.masked(r.penalty_text)),
        r.authority_name,
        r.document_on,
        r.state in ('active', 'corrected'),
        r.provenance -> 'determination' ->> 'file_id',
        (r.provenance -> 'determination' ->> 'row_no')::bigint
    from core.record as r
    where r.subject_key = %(subject_key)s and r.disclosure_class <> 'internal'
    union all
    select
        'public_credit',
        'grade',
        concat_ws(' ', e.cycle_code, e.grade_code),
        null,
        e.published_on,
        (
            select count(*) > 0 from ref.policy as p
            where p.policy_code = 'evaluation' and p.body ->> 'scale' = e.scale_code and p.body ->> 'worst' = e.grade_code
        ),
        e.file_id,
        e.row_no
    from core.graded(%(valid_on)s) as e
    inner join core.subject as s on s.subject_key = %(subject_key)s and upper(e.subject_code) = s.uscc
    union all
    select
        'public_credit',
        c.act,
        coalesce(c.body ->> 'subject_matter', c.body ->> 'training_name', c.body ->> 'measure', c.document_no),
        o.label,
        c.document_on,
        c.body ->> 'outcome_code' in ('refused', 'overdue'),
        c.file_id,
        c.row_no
    from own as c
    left join ref.code as o on o.list_code = 'supervision_outcome' and o.code = c.body ->> 'outcome_code'
    where c.act in ('commitment', 'training', 'supervision')
    union all
    select
        'public_opinion',
        'appearance',
        p.title,
        concat_ws(' ', p.source_name, coalesce(l.label, p.list_code) || p.case_id),
        p.published_on,
        v.verdict_code <> 'not_confirmed',
        p.file_id,
        p.row_no
    from core.verification as v
    inner join core.pushed_case as p on v.case_key = p.case_key
    left join ref.code as l on l.list_code = 'case_list' and p.list_code = l.code
    where v.subject_key = %(subject_key)s
)

select distinct *
from fact
where value is not null
order by analysis_code asc, stated_on asc nulls last, item_code asc, value asc, file_id asc, row_no asc;

-- section: risk
-- The grade of one subject: the first rule of policy risk_grade whose fact reaches its number. One row.
with counted as (
    select jsonb_build_object(
        'standing_records', (
            select count(*) from core.record
            where subject_key = %(subject_key)s and state in ('active', 'corrected') and disclosure_class <> 'internal'
        ),
        'serious_records', (
            select count(*) from core.record
            where
                subject_key = %(subject_key)s and state in ('active', 'corrected') and severity_code = 'serious'
                and disclosure_class <> 'internal'
        ),
        'serious_entries', (
            select count(*)
            from core.list_entry as e
            inner join core.record as r on e.subject_key = r.subject_key and e.record_key = r.record_key
            where
                e.subject_key = %(subject_key)s and e.list_code = 'serious_dishonesty'
                and r.state in ('active', 'corrected') and r.disclosure_class <> 'internal'
        ),
        'refused_actions', (
            select count(*)
            from core.claim as c
            inner join core.standing_claim as s on c.subject_key = s.subject_key and c.claim_key = s.claim_key
            where c.subject_key = %(subject_key)s and c.act = 'supervision' and c.body ->> 'outcome_code' = 'refused'
        ),
        'open_abnormalities', (
            select count(*)
            from core.claim as c
            inner join core.standing_claim as s on c.subject_key = s.subject_key and c.claim_key = s.claim_key
            where c.subject_key = %(subject_key)s and c.act = 'abnormality' and c.body ->> 'removed_on' is null
        ),
        'worst_grades', (
            select count(*) from core.target
            where subject_key = %(subject_key)s and trigger_code = 'worst_grade'
        )
    ) as facts
)

select
    p.rule_code,
    g.label as grade,
    p.legal_basis,
    p.is_confirmed,
    (c.facts ->> (p.body ->> 'fact'))::integer as fact_count,
    (p.body ->> 'at_least')::integer as at_least
from counted as c
inner join ref.policy as p
    on
        p.policy_code = 'risk_grade' and (c.facts ->> (p.body ->> 'fact'))::integer >= (p.body ->> 'at_least')::integer
        and p.effective_from <= %(valid_on)s and (p.effective_until is null or %(valid_on)s <= p.effective_until)
inner join ref.code as g on g.list_code = 'risk_grade' and g.code = p.body ->> 'grade'
order by (p.body ->> 'order')::integer asc
limit 1;

-- section: pattern
-- How often the same conduct is on record: by this subject, and in the province. One row.
select
    count(*) filter (where r.subject_key = %(subject_key)s) as own_count,
    count(*) as all_count,
    count(distinct r.subject_key) as subject_count
from core.record as r
where
    r.disclosure_class <> 'internal' and r.state not in ('revoked')
    and r.conduct_type in (
        select o.conduct_type from core.record as o
        where o.subject_key = %(subject_key)s and o.disclosure_class <> 'internal'
    );

-- section: evidence
-- One row of evidence by file and row: what file it is, whose, of which day. The row number of a push is a hash: what people find a
-- pushed row by is the case's list and number, or the cycle and the subject that was graded.
select
    w.file_id,
    w.row_no,
    coalesce(u.label, f.unit_code, p.feed) as source,
    coalesce(f.file_name, p.feed) as file_name,
    coalesce(f.data_date, p.data_date) as data_date,
    coalesce(l.label, c.list_code) as list_name,
    c.case_id,
    g.cycle_code,
    g.subject_name
from unnest(%(file_ids)s::text[], %(row_nos)s::bigint[]) as w (file_id, row_no)
left join landing.file as f on w.file_id = f.file_id
left join landing.pull as p on w.file_id = p.pull_id
left join evidence.pushed_case as c on w.file_id = c.file_id and w.row_no = c.row_no
left join evidence.evaluation as g on w.file_id = g.file_id and w.row_no = g.row_no
left join ref.code as l on l.list_code = 'case_list' and c.list_code = l.code
left join ref.code as u on u.list_code in ('reporting_unit', 'department') and f.unit_code = u.code;
