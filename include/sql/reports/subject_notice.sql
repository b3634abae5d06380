-- What a notice to a subject says: its records and what each rests on (G4).
-- Grain: stated at each section. Safe to re-run: reads only. A record kept inside the centre is not yet anybody's: it is left out.

-- section: subjects
-- One identified enterprise or organisation, one of whose records got a new version or left as of the business date, under the
-- strongest code it bears. Who is known by name alone is nobody yet: the issue subject_by_name_only asks the department for a code.
with party as (
    select
        s.subject_key,
        s.name,
        coalesce(s.uscc, s.org_code, s.registration_no) as code,
        s.region_code
    from core.subject as s
    where
        s.state = 'identified' and s.category_code is distinct from 'natural_person'
        and exists (
            select from core.record_version as v
            where v.subject_key = s.subject_key and v.valid_on = %(valid_on)s
        )
    union all
    -- who left with the last of its evidence is called what its record called it
    select distinct on (v.subject_key)
        v.subject_key,
        v.content ->> 'party_name',
        v.content ->> 'party_code',
        v.content ->> 'region_code'
    from core.record_version as v
    left join core.subject as s on v.subject_key = s.subject_key
    where
        v.valid_on = %(valid_on)s and v.change = 'removed' and s.subject_key is null
        and v.content ->> 'party_code' is not null and v.content ->> 'party_category_code' <> 'natural_person'
)

select
    p.subject_key,
    p.name,
    p.code,
    coalesce(u.code, lead.code) as unit_code
from party as p
left join ref.code as u
    on
        u.list_code = 'reporting_unit'
        and u.attributes ->> 'region_code' in (p.region_code, left(p.region_code, 4) || '00')
left join ref.code as lead on lead.list_code = 'department' and (lead.attributes ->> 'is_lead')::boolean
order by p.code collate "C";

-- section: records
select
    r.*,
    share.masked(r.fact) as shown_fact,
    share.masked(r.penalty_text) as shown_penalty,
    share.masked(coalesce(list.label, r.conduct_type)) as conduct,
    severity.label as severity,
    p.legal_basis,
    r.provenance -> 'determination' ->> 'file_id' as file_id,
    (r.provenance -> 'determination' ->> 'row_no')::bigint as row_no
from core.record as r
left join ref.code as severity on severity.list_code = 'seriousness' and r.severity_code = severity.code
left join ref.code as list
    on r.determination_kind = 'listing' and list.list_code = 'dishonesty_list' and r.conduct_type = list.code
left join ref.policy as p
    on
        p.policy_code = 'publication_windows' and r.policy_rule = p.rule_code
        and r.document_on >= p.effective_from and (p.effective_until is null or r.document_on <= p.effective_until)
where r.subject_key = %(subject_key)s and r.disclosure_class <> 'internal' and r.party_category_code <> 'natural_person'
order by r.document_on asc, r.record_key collate "C" asc;

-- section: gone
-- What the subject was told of and what is no longer shown or shared: it left with its evidence, or a doubt keeps it inside.
select
    v.content ->> 'document_no' as document_no,
    v.content ->> 'authority_name' as authority_name,
    v.content ->> 'document_on' as document_on,
    v.change = 'removed' as is_removed
from core.record_version as v
inner join core.record_version as b
    on v.subject_key = b.subject_key and v.record_key = b.record_key and v.version_no = b.version_no + 1
left join core.record as r
    on v.subject_key = r.subject_key and v.record_key = r.record_key and r.disclosure_class <> 'internal'
where
    v.subject_key = %(subject_key)s and v.valid_on = %(valid_on)s and r.record_key is null
    and (v.change = 'removed' or v.content ->> 'disclosure_class' = 'internal')
    and b.change <> 'removed' and b.content ->> 'disclosure_class' <> 'internal'
    and b.content ->> 'party_category_code' <> 'natural_person'
order by v.content ->> 'document_on' asc, v.record_key collate "C" asc;

-- section: objection_days
select
    is_confirmed,
    (body ->> 'working_days')::integer as working_days
from ref.policy
where
    policy_code = 'clocks' and rule_code = 'objection'
    and effective_from <= %(valid_on)s and (effective_until is null or %(valid_on)s <= effective_until);
