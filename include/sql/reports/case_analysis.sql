-- The six analyses of the notice about one subject, computed from what the warehouse holds (C3).
-- Grain: one fact of one analysis (analysis_code, item_code), with the file and row it comes from. item_code names what it is; value is
-- said as the evidence says it. Safe to re-run: reads only.
-- What bears a name that the register does not know for its code is another's (D2).
with called as (
    select value
    from core.subject_identifier
    where subject_key = %(subject_key)s and scheme = 'name'
),

own as (
    select c.*
    from core.claim as c
    inner join core.standing_claim as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    where
        c.subject_key = %(subject_key)s and c.document_on <= %(valid_on)s
        and (
            c.party_scheme = 'name'
            or core.comparable(c.party_name) in (select k.value from called as k)
            or not exists (select from called)
        )
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
