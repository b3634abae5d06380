-- Records as core has them, with when they were gathered and whether that was in time.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with changed as (
  select
    r.*,
    (
      select min(c.data_date)
      from core.claim as c
      where c.subject_key = d.subject_key and c.fact_key = d.fact_key
    ) as gathered_on
  from core.unpublished_subject as u
  inner join core.record as r on r.subject_key = u.subject_key
  inner join core.claim as d on d.subject_key = r.subject_key and d.claim_key = r.claim_key
),

timed as (
  select
    c.*,
    greatest(b.working_day_no - coalesce(a.working_day_no, 0), 0) as lag_days,
    (p.body ->> 'working_days')::integer as allowed_days
  from changed as c
  inner join ref.calendar as b on b.day = c.gathered_on
  left join ref.calendar as a on a.day = c.document_on
  left join ref.policy as p
    on p.policy_code = 'clocks' and p.rule_code = 'gathering'
    and c.document_on >= p.effective_from and c.document_on <= coalesce(p.effective_until, 'infinity')
)

select
  subject_key,
  record_key,
  determination_kind,
  catalogue_class_code as conduct_class_code,
  document_on,
  gathered_on,
  date_trunc('month', gathered_on)::date as month_on,
  authority_name,
  coalesce(region_code, 'unknown') as region_code,
  unit_code,
  party_category_code,
  severity_code,
  state,
  state_reason,
  state_on,
  is_under_objection,
  disclosure_class,
  display_from,
  display_until,
  policy_rule,
  case_key,
  1::bigint as record_count,
  (lag_days <= allowed_days)::integer::bigint as on_time_count,
  (lag_days > allowed_days)::integer::bigint as late_count,
  lag_days::bigint as lag_working_days,
  fine_yuan,
  content_hash
from timed
