-- What stands of each verification, with the recognition that followed it (C2).
-- Grain: one party of one target, as its verifier states it. Key: verification_key, from the business key.
-- Safe to re-run: a row that is equal is not written again, and what no evidence gives any more is removed.

-- section: fold
with stated as (
    select
        e.*,
        f.unit_code,
        f.sequence,
        md5((to_jsonb(e) - array['file_id', 'row_no', 'data_date', 'original', 'extra', 'known_at'])::text) as content
    from evidence.verification_result as e
    inner join core.standing_file as f on e.file_id = f.file_id
    where e.data_date <= %(valid_on)s and e.verified_on <= %(valid_on)s
),

newest as (
    select distinct on (unit_code, business_key)
        unit_code,
        business_key,
        content
    from stated
    order by unit_code asc, business_key asc, verified_on desc, data_date desc, sequence desc, content desc
),

-- of the content that stands, the row that stated it first
standing as (
    select distinct on (s.unit_code, s.business_key) s.*
    from stated as s
    inner join newest as n on s.unit_code = n.unit_code and s.business_key = n.business_key and s.content = n.content
    order by s.unit_code, s.business_key, s.data_date, s.sequence, s.file_id, s.row_no
),

recognised as (
    select
        r.document_no,
        r.recognised_on,
        r.list_code,
        r.case_no,
        upper(r.party_code) as party_code,
        core.comparable(r.party_name) as party_name,
        p.case_key
    from evidence.recognition as r
    inner join core.standing_file as f on r.file_id = f.file_id
    left join core.pushed_case as p on r.list_code = p.list_code and r.case_no = p.case_id
    where r.data_date <= %(valid_on)s and r.recognised_on <= %(valid_on)s
),

led as materialized (
    select
        old_key,
        new_key
    from core.current_key
),

wanted as (
    select
        core.key('verification', s.unit_code, s.business_key) as verification_key,
        p.case_key,
        s.list_code,
        s.case_no,
        coalesce(k.new_key, core.key('uscc', upper(s.party_code))) as subject_key,
        s.party_name,
        upper(s.party_code) as party_code,
        s.unit_code,
        s.verifier_name,
        string_to_array(s.method_codes, ';') as method_codes,
        s.service_institution_name as institution_name,
        s.verdict_code,
        s.verified_on as concluded_on,
        s.facts as finding,
        s.cause,
        s.clarification,
        -- what another verifier found later takes back what was released
        case when coalesce(v.verdict_code, s.verdict_code) = s.verdict_code then s.clarification_release_code end as clarification_release_code,
        r.document_no as recognition_no,
        r.recognised_on,
        s.file_id,
        s.row_no
    from standing as s
    left join core.pushed_case as p on s.list_code = p.list_code and s.case_no = p.case_id
    left join led as k on s.party_code is not null and k.old_key = core.key('uscc', upper(s.party_code))
    -- a result that confirms once more is later than the recognition of what was found first
    left join core.verified_party as v
        on
            s.list_code = v.list_code and s.case_no = v.case_no and core.comparable(s.party_name) = v.party_name
            and upper(s.party_code) is not distinct from v.party_code
    left join lateral (
        select
            q.document_no,
            q.recognised_on
        from recognised as q
        where
            s.verdict_code in ('confirmed', 'partly_confirmed')
            and q.recognised_on >= v.confirmed_on
            and (
                q.party_code = upper(s.party_code)
                or (s.party_code is null and q.party_name = core.comparable(s.party_name))
            )
            and (
                q.case_no is null or q.case_key = p.case_key
                or (q.list_code = s.list_code and q.case_no = s.case_no)
            )
        order by q.recognised_on, q.document_no
        limit 1
    ) as r on true
),

gone as (
    delete from core.verification as held
    where not exists (
        select from wanted as w
        where w.verification_key = held.verification_key
    )
)

insert into core.verification as held (
    verification_key, case_key, list_code, case_no, subject_key, party_name, party_code, unit_code, verifier_name,
    method_codes, institution_name, verdict_code, concluded_on, finding, cause, clarification, clarification_release_code,
    recognition_no, recognised_on, file_id, row_no
)
select
    verification_key,
    case_key,
    list_code,
    case_no,
    case when party_code is not null then subject_key end as subject_key,
    party_name,
    party_code,
    unit_code,
    verifier_name,
    method_codes,
    institution_name,
    verdict_code,
    concluded_on,
    finding,
    cause,
    clarification,
    clarification_release_code,
    recognition_no,
    recognised_on,
    file_id,
    row_no
from wanted
on conflict (verification_key) do update
    set
        case_key = excluded.case_key, list_code = excluded.list_code, case_no = excluded.case_no,
        subject_key = excluded.subject_key, party_name = excluded.party_name, party_code = excluded.party_code,
        unit_code = excluded.unit_code, verifier_name = excluded.verifier_name, method_codes = excluded.method_codes,
        institution_name = excluded.institution_name, verdict_code = excluded.verdict_code,
        concluded_on = excluded.concluded_on, finding = excluded.finding, cause = excluded.cause,
        clarification = excluded.clarification,
        clarification_release_code = excluded.clarification_release_code, recognition_no = excluded.recognition_no,
        recognised_on = excluded.recognised_on, file_id = excluded.file_id, row_no = excluded.row_no
    where (to_jsonb(held) - 'target_key') is distinct from (to_jsonb(excluded) - 'target_key');

-- section: answer
-- Which target each result answers: that of its case, or of its subject where the trigger was its grades.
with answered as (
    select distinct on (v.verification_key)
        v.verification_key,
        t.target_key
    from core.verification as v
    left join core.target as t
        on
            v.case_key = t.case_key
            or (
                t.case_key is null and v.list_code = 'evaluation' and v.subject_key = t.subject_key
                and v.concluded_on >= t.opened_on
            )
    order by v.verification_key asc, t.opened_on desc nulls last, t.target_key asc
)

update core.verification as held
set target_key = a.target_key
from answered as a
where a.verification_key = held.verification_key and held.target_key is distinct from a.target_key;

-- section: drop_issues
delete from ops.issue
where
    origin = 'fold' and issue_code in (
        'verification_without_case', 'institution_unregistered', 'institution_for_complex_case', 'plan_not_by_department',
        'conclusion_not_passed_on'
    );

-- section: issues
-- About a case that nobody pushed or notified; by an institution that is not registered, or may not verify a case that its plan
-- calls complex; a plan that no provincial department set; a city's conclusion that none has taken on by a recognition (C1, B1).
insert into ops.issue (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
with aided as (
    select
        v.file_id,
        v.row_no,
        v.institution_name,
        v.concluded_on as acted_on
    from core.verification as v
    union all
    select
        file_id,
        row_no,
        institution_name,
        planned_on
    from core.verification_plan
    where data_date <= %(valid_on)s
),

finding as (
    select
        file_id,
        row_no,
        'case_no' as field,
        'verification_without_case' as issue_code,
        list_code || '/' || case_no as value
    from core.verification
    where case_key is null and list_code <> 'evaluation'
    union all
    select
        a.file_id,
        a.row_no,
        'service_institution_name' as field,
        'institution_unregistered' as issue_code,
        a.institution_name
    from aided as a
    where
        a.institution_name is not null
        and not exists (
            select from core.verification_institution as r
            where r.name = core.comparable(a.institution_name) and a.acted_on between r.registered_on and r.valid_until_on
        )
    union all
    select
        v.file_id,
        v.row_no,
        'service_institution_name',
        'institution_for_complex_case',
        v.institution_name
    from core.verification as v
    inner join core.target as t on v.target_key = t.target_key
    where v.institution_name is not null and t.basis -> 'plan' ->> 'complexity_code' = 'complex'
    union all
    select
        e.file_id,
        e.row_no,
        'lead_name',
        'plan_not_by_department',
        e.list_code || '/' || e.case_no
    from evidence.verification_plan as e
    inner join core.standing_file as f on e.file_id = f.file_id
    where
        e.data_date <= %(valid_on)s
        and not exists (
            select from ref.code as d
            where d.list_code = 'department' and d.code = f.unit_code
        )
    union all
    select
        v.file_id,
        v.row_no,
        'verdict_code',
        'conclusion_not_passed_on',
        v.list_code || '/' || v.case_no
    from core.verification as v
    inner join ref.code as u on u.list_code = 'reporting_unit' and v.unit_code = u.code
    where v.verdict_code <> 'not_confirmed' and v.recognition_no is null
)

select
    core.key('fold', f.issue_code, f.file_id, f.row_no::text) as issue_id,
    f.file_id,
    f.row_no,
    f.field,
    f.issue_code,
    i.attributes ->> 'severity' as severity,
    i.attributes ->> 'responsibility' as responsibility,
    f.value,
    replace(i.attributes ->> 'message', '{value}', f.value) as message,
    i.attributes ->> 'fix' as suggestion,
    'fold' as origin,
    %(known_at)s
from finding as f
left join ref.code as i on i.list_code = 'issues' and f.issue_code = i.code
on conflict (issue_id) do nothing;
