-- What the fold finds about evidence in the light of all other evidence; who must act is in the issue catalogue.
-- Grain: one finding on one claim. Key: issue_id, from code, file, row. Safe to re-run: a touched subject's are made anew.

-- section: clear
-- The key tells these issues from what other steps of the fold find about the same row.
delete from ops.issue as i using core.touched_subject as t, core.claim as c
where
    t.run_id = %(run_id)s and c.subject_key = t.subject_key
    and i.origin = 'fold' and i.file_id = c.file_id and i.row_no = c.row_no
    and i.issue_id = core.key('claim', i.issue_code, i.file_id, i.row_no::text);

-- section: fold
insert into ops.issue (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
-- Every look at other tables of the subject is here, where claim and table lie together; what follows reads this alone.
with claim as (
    select
        c.*,
        s.claim_key is not null as is_standing,
        exists(
            select from core.record_event as e
            where e.subject_key = c.subject_key and e.claim_key = c.claim_key
        ) as acts_on_record,
        exists(
            select from core.determination as d
            where d.subject_key = c.subject_key and d.claim_key = c.claim_key
        ) as determines,
        exists(
            select from core.objection as o
            where o.subject_key = c.subject_key and o.objection_no = c.document_no
        ) as has_objection,
        exists(
            select from core.subject_identifier as i
            where i.subject_key = c.subject_key and i.scheme = 'name'
        ) as is_registered,
        exists(
            select from core.subject_identifier as i
            where i.subject_key = c.subject_key and i.scheme = 'name' and i.value = core.comparable(c.party_name)
        ) as name_agrees,
        c.act = 'modification' and exists (
            select from core.record_event as e
            inner join core.record_event as f
                on e.subject_key = f.subject_key and e.record_key = f.record_key and f.act = 'modification'
            inner join core.claim as o on f.subject_key = o.subject_key and f.claim_key = o.claim_key
            where
                e.subject_key = c.subject_key and e.claim_key = c.claim_key
                and o.effective_on = c.effective_on
                and (o.body ->> 'fine_yuan', o.body ->> 'penalty_text')
                is distinct from (c.body ->> 'fine_yuan', c.body ->> 'penalty_text')
        ) as contradicts_modification
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
    left join core.standing_claim as s
        on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
),

-- who bears a registration number that a touched register states, whichever subject
bearer as materialized (
    select
        i.value as registration_no,
        min(i.subject_key) as first_key,
        max(i.subject_key) as last_key
    from core.subject_identifier as i
    where
        i.scheme = 'registration_no'
        and i.value in (select c.party_registration_no from claim as c where c.act = 'registration')
    group by i.value
),

finding as (
    select
        file_id,
        row_no,
        'document_no' as field,
        document_no as value,
        'contradicting_versions' as issue_code
    from (
        select
            c.*,
            min(content_hash) over place <> max(content_hash) over place as contradicts
        from claim as c
        window place as (partition by subject_key, fact_key, document_on, revision, data_date, sequence)
    ) as c
    where contradicts
    union all
    select
        c.file_id,
        c.row_no,
        'document_no',
        c.document_no,
        'contradicting_versions'
    from claim as c
    where c.contradicts_modification
    union all
    select
        c.file_id,
        c.row_no,
        'document_no',
        c.document_no,
        case
            when c.act = 'objection' then 'objection_without_record'
            when c.act = 'ruling' then 'ruling_without_objection'
            when c.act = 'repair' then 'repair_without_record'
            when c.act = 'delisting' then 'removal_without_listing'
            else 'change_without_decision'
        end
    from claim as c
    where
        c.is_standing and c.effective_on <= %(valid_on)s
        and (
            (c.act in ('modification', 'revocation', 'objection', 'repair', 'delisting') and not c.acts_on_record)
            or (c.act = 'ruling' and not c.has_objection)
        )
    union all
    select
        c.file_id,
        c.row_no,
        'case_no',
        c.body ->> 'case_no',
        'recognition_without_verification'
    from claim as c
    where c.is_standing and c.act = 'recognition' and c.effective_on <= %(valid_on)s and not c.determines
    union all
    select
        r.file_id,
        r.row_no,
        'ruled_on',
        r.ruled_on::text,
        'repair_too_early'
    from core.repair as r
    inner join core.touched_subject as t on r.subject_key = t.subject_key and t.run_id = %(run_id)s
    where r.state = 'too_early'
    union all
    select
        c.file_id,
        c.row_no,
        'party_name',
        c.party_name,
        'name_code_disagree'
    from claim as c
    where
        c.party_scheme in ('uscc', 'org_code', 'registration_no') and c.act <> 'registration'
        and c.is_registered and not c.name_agrees
    union all
    select
        c.file_id,
        c.row_no,
        'party_code',
        c.party_code,
        'subject_unknown'
    from claim as c
    where c.party_scheme = 'uscc' and not c.is_registered
    union all
    select
        c.file_id,
        c.row_no,
        'party_name',
        c.party_name,
        'subject_by_name_only'
    from claim as c
    where c.party_scheme = 'name' and c.subject_key = c.candidate_key
    union all
    select
        c.file_id,
        c.row_no,
        'document_on',
        c.effective_on::text,
        'takes_effect_later'
    from claim as c
    where c.is_standing and c.act <> 'registration' and c.effective_on > %(valid_on)s
    union all
    select
        c.file_id,
        c.row_no,
        'document_on',
        c.document_on::text,
        'window_over_on_arrival'
    from claim as c
    inner join core.determination as d on c.subject_key = d.subject_key and c.claim_key = d.claim_key
    inner join core.record_law as l on d.subject_key = l.subject_key and d.record_key = l.record_key
    where l.display_until < c.data_date
    union all
    select
        c.file_id,
        c.row_no,
        'party_registration_no',
        c.party_registration_no,
        'identifier_shared'
    from claim as c
    inner join bearer as b on c.party_registration_no = b.registration_no
    where c.act = 'registration' and (b.first_key <> c.subject_key or b.last_key <> c.subject_key)
    union all
    select
        c.file_id,
        c.row_no,
        'authority_name',
        c.unit_code,
        'authority_not_entitled'
    from claim as c
    where not c.is_entitled
)

select distinct on (f.issue_code, f.file_id, f.row_no)
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
    %(known_at)s
from finding as f
left join ref.code as i on i.list_code = 'issues' and f.issue_code = i.code
order by f.issue_code, f.file_id, f.row_no
on conflict (issue_id) do nothing;
