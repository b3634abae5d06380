-- What the fold of cases reads: appearances that the platform pushed or a department notified, rules, who there is.
-- Grain: stated at each section. Safe to re-run: reads only.

-- section: statements
-- One row: an appearance as one push or notice stated it.
select
    list_code,
    case_id,
    region_text,
    title,
    published_on,
    source_name,
    handling_opinion,
    tags,
    body,
    data_date,
    file_id,
    row_no
from evidence.pushed_case
where data_date <= %(valid_on)s
union all
select
    'notified',
    e.case_no,
    e.region_text,
    e.case_title,
    e.notified_on,
    e.authority_name,
    e.handling_opinion,
    null,
    e.industry_name,
    e.data_date,
    e.file_id,
    e.row_no
from evidence.notified_case as e
inner join core.standing_file as f on e.file_id = f.file_id
where e.data_date <= %(valid_on)s and e.notified_on <= %(valid_on)s;

-- section: linking
-- One row: a rule of the policy in force.
select
    rule_code,
    body
from ref.policy
where
    policy_code = 'case_linking'
    and effective_from <= %(valid_on)s and (effective_until is null or %(valid_on)s <= effective_until);

-- section: industry
-- One row: a rule and its period; which one holds depends on the case's date.
select
    body,
    effective_from,
    effective_until
from ref.policy
where policy_code = 'industry_referral'
order by rule_code, effective_from;

-- section: units
-- One row: a reporting unit with its region.
select
    attributes ->> 'region_code' as region_code,
    code
from ref.code
where list_code = 'reporting_unit';

-- section: lead_authority
-- One row: the credit authority that organises verification in the province.
select code
from ref.code
where list_code = 'department' and (attributes ->> 'is_lead')::boolean;

-- section: follow_up_tags
-- One row: a tag that keeps a case on the follow-up list (A6).
select label
from ref.code
where list_code = 'case_tag' and attributes ->> 'effect' = 'follow_up';
