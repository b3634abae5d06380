-- Each figure of the reports, computed again from what lies under the marts; {period} is `first day and last day`.
-- {gathered} is the section of that name: records with the data date that first stated them. taken: working days from document to data date.
-- {error_kinds}: kinds of error of a unit's delivery, and the first later delivery of the kind that was free of them.

-- section: gathered
with gathered as (
  select r.*, min(c.data_date) as gathered_on
  from core.record r
  join core.claim d using (subject_key, claim_key)
  join core.claim c on c.subject_key = d.subject_key and c.fact_key = d.fact_key
  group by r.subject_key, r.record_key
), g as (
  select gathered.*, (
    select count(*) from ref.calendar k where k.is_working and k.day > document_on and k.day <= gathered_on
  ) as taken
  from gathered
)

-- section: totals_case_count
select count(*)
from core.conduct_case
where first_pushed_on between {period}
;

-- section: totals_referral_count
select count(*)
from core.referral
where referred_on between {period}
;

-- section: totals_concluded_count
select count(*)
from core.referral r
where referred_on between {period}
and exists (select 1
from core.verification v
where v.target_key = r.target_key)
;

-- section: totals_overdue_count
select count(*)
from core.referral r
where referred_on between {period} and due_on < coalesce((select min(v.concluded_on)
from core.verification v
where v.target_key = r.target_key), date '2019-02-02')
;

-- section: totals_verification_count
select count(*)
from core.verification
where concluded_on between {period}
;

-- section: totals_confirmed_count
select count(*)
from core.verification
where concluded_on between {period} and verdict_code in ('confirmed', 'partly_confirmed')
;

-- section: totals_not_confirmed_count
select count(*)
from core.verification
where concluded_on between {period} and verdict_code = 'not_confirmed'
;

-- section: totals_recognition_count
select count(*)
from core.verification
where concluded_on between {period} and recognition_no is not null
;

-- section: totals_report_count
select count(distinct record_key)
from share.outbox
where kind = 'verification_report' and action = 'upsert' and valid_on between {period}
;

-- section: totals_record_count
{gathered}
select count(*)
from g
where gathered_on between {period}
;

-- section: totals_timeliness_rate
{gathered}
select avg(case when taken <= 7 then 1 else 0 end)
from g
where gathered_on between {period}
;

-- section: totals_key_supervision_count
select count(*)
from core.list_entry
where list_code = 'key_supervision' and listed_on between {period}
;

-- section: totals_serious_count
select count(*)
from core.list_entry
where list_code = 'serious_dishonesty' and listed_on between {period}
;

-- section: totals_supervision_count
select count(distinct (action_no, action_code))
from evidence.supervision_action
where started_on between {period}
;

-- section: totals_punishment_count
select count(distinct (measure_no, coalesce(executor_code, executor_name)))
from evidence.joint_punishment
where executed_on between {period}
;

-- section: totals_training_count
select count(distinct (training_no, party_code, document_no))
from evidence.repair_training
where trained_on between {period}
;

-- section: totals_commitment_count
select count(distinct (party_code, commitment_type_code, committed_on, document_no))
from evidence.commitment
where committed_on between {period}
;

-- section: totals_repair_count
select count(*)
from core.repair
where state = 'granted' and ruled_on between {period}
;

-- section: totals_objection_count
select count(*)
from core.objection
where record_key is not null and raised_on between {period}
;

-- section: totals_ruled_count
select count(*)
from core.objection
where record_key is not null and ruled_on between {period}
;

-- section: totals_upheld_count
select count(*)
from core.objection
where ruling_code in ('upheld', 'partly_upheld') and record_key is not null and ruled_on between {period}
;

-- section: totals_file_count
select count(*)
from landing.file
where data_date between {period}
;

-- section: totals_row_count
select sum(row_count)
from landing.file
where data_date between {period}
;

-- section: totals_error_rate
select sum(quarantined_count)::numeric / nullif(sum(row_count), 0)
from landing.file
where data_date between {period}
;

-- section: totals_reported_count
select count(distinct unit_code)
from landing.file
where data_date between {period}
;

-- section: totals_unit_count
select count(*)
from ref.code
where list_code in ('reporting_unit', 'department')
;

-- section: units_file_count
select unit_code, count(*)
from landing.file
where data_date between {period}
group by 1
;

-- section: units_referral_count
select unit_code, count(*)
from core.referral
where referred_on between {period}
group by 1
;

-- section: units_concluded_count
select unit_code, count(*)
from core.referral r
where referred_on between {period}
and exists (select 1
from core.verification v
where v.target_key = r.target_key)
group by 1
;

-- section: units_overdue_count
select unit_code, count(*)
from core.referral r
where referred_on between {period} and due_on < coalesce((select min(v.concluded_on)
from core.verification v
where v.target_key = r.target_key), date '2019-02-02')
group by 1
;

-- section: units_verification_count
select unit_code, count(*)
from core.verification
where concluded_on between {period}
group by 1
;

-- section: units_record_count
{gathered}
select unit_code, count(*)
from g
where gathered_on between {period}
group by 1
;

-- section: units_on_time_count
{gathered}
select unit_code, count(*)
from g
where gathered_on between {period} and taken <= 7
group by 1
;

-- section: units_late_count
{gathered}
select unit_code, count(*)
from g
where gathered_on between {period} and taken > 7
group by 1
;

-- section: units_key_supervision_count
select r.unit_code, count(*)
from core.list_entry e
join core.record r using (subject_key, record_key)
where list_code = 'key_supervision' and listed_on between {period}
group by 1
;

-- section: units_repair_count
select r.unit_code, count(*)
from core.repair e
join core.record r using (subject_key, record_key)
where e.state = 'granted' and ruled_on between {period}
group by 1
;

-- section: units_objection_count
select r.unit_code, count(*)
from core.objection e
join core.record r using (subject_key, record_key)
where raised_on between {period}
group by 1
;

-- section: units_upheld_count
select r.unit_code, count(*)
from core.objection e
join core.record r using (subject_key, record_key)
where e.state = 'upheld' and ruled_on between {period}
group by 1
;

-- section: units_report_count
select c.code, count(distinct o.record_key)
from share.outbox o
join ref.code c on c.list_code = 'reporting_unit' and c.attributes ->> 'region_code' in (o.region_code, left(o.region_code, 4) || '00')
where o.kind = 'verification_report' and o.action = 'upsert' and o.valid_on between {period}
group by 1
;

-- section: units_punishment_count
select f.unit_code, count(distinct (measure_no, coalesce(executor_code, executor_name)))
from evidence.joint_punishment e
join landing.file f using (file_id)
where executed_on between {period}
group by 1
;

-- section: units_timeliness_rate
{gathered}
select unit_code, avg((taken <= 7)::integer)
from g
where gathered_on between {period}
group by 1
having avg((taken <= 7)::integer) > 0
;

-- section: units_error_rate
select unit_code, sum(quarantined_count)::numeric / sum(row_count)
from landing.file
where data_date between {period}
group by 1
having sum(quarantined_count) > 0
;

-- section: error_kinds
with error_kinds as (
  select e.*, (
    select min(n.data_date)
    from landing.file n
    where n.unit_code = e.unit_code and n.kind = e.kind and n.data_date > e.data_date and n.state = 'accepted'
    and not exists (select
    from ops.issue i
    join landing.file f using (file_id)
    where f.unit_code = e.unit_code and f.kind = e.kind and f.data_date = n.data_date and i.issue_code = e.issue_code)
  ) as corrected_on
  from (
    select distinct f.unit_code, f.kind, f.data_date, i.issue_code, i.origin
    from ops.issue i
    join landing.file f using (file_id)
    where i.severity = 'error' and i.responsibility = 'department'
  ) e
)

-- section: scores_timeliness_rate
{gathered}
select c.label, s.value
from (
select unit_code, avg((taken <= 7)::integer)
from g
where gathered_on between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_mean_correction_days
{error_kinds}
select c.label, s.value
from (
select unit_code, avg((select count(*)
from ref.calendar k
where k.is_working and k.day > e.data_date and k.day <= e.corrected_on))
from error_kinds e
where e.corrected_on is not null and e.data_date between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_completeness_rate
select c.label, s.value
from (
select f.unit_code, 1 - (select count(distinct (i.file_id, i.row_no))
from ops.issue i
join landing.file o using (file_id)
where o.unit_code = f.unit_code and o.data_date between {period} and i.origin = 'acceptance' and i.issue_code in ('required', 'required_when'))::numeric / nullif(sum(row_count), 0)
from landing.file f
where data_date between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_error_rate
select c.label, s.value
from (
select unit_code, sum(quarantined_count)::numeric / nullif(sum(row_count), 0)
from landing.file
where data_date between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_refused_rate
select c.label, s.value
from (
select unit_code, avg((state = 'refused')::integer)
from landing.file
where data_date between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_repeat_error_rate
select c.label, s.value
from (
select f.unit_code, avg((exists (select
from ops.issue j
join landing.file e using (file_id)
where e.unit_code = f.unit_code and e.kind is not distinct
from f.kind and j.issue_code = i.issue_code and e.data_date < f.data_date))::integer)
from ops.issue i
join landing.file f using (file_id)
where i.severity = 'error' and i.responsibility = 'department' and f.data_date between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: scores_upheld_rate
select c.label, s.value
from (
select r.unit_code, avg((e.state = 'upheld')::integer)
from core.objection e
join core.record r using (subject_key, record_key)
where ruled_on between {period}
group by 1
) as s (unit_code, value)
join ref.code c on c.list_code in ('reporting_unit', 'department') and c.code = s.unit_code
;

-- section: indicators_verified
select sum((exists (select
from core.verification v
where v.target_key = r.target_key))::integer), count(*)
from core.referral r
join ref.code c on c.list_code = 'reporting_unit' and c.code = r.unit_code
where referred_on between {period}
;

-- section: indicators_gathered_in_time
{gathered}
select sum((taken <= 7)::integer), count(*)
from g
where gathered_on between {period} and region_code <> '420000'
;

-- section: indicators_record_shared
select sum((state = 'acknowledged')::integer), count(*)
from share.outbox
where kind = 'record' and valid_on between {period} and region_code <> '420000'
;

-- section: indicators_record_repaired
{gathered}
select sum((state = 'repaired')::integer), count(*)
from g
where gathered_on between {period} and region_code <> '420000'
;

-- section: indicators_wrong_code
select (select count(distinct (i.file_id, i.row_no))
from ops.issue i
join landing.file f using (file_id)
join ref.code c on c.list_code = 'reporting_unit' and c.code = f.unit_code
where f.data_date between {period} and i.issue_code in ('uscc_check', 'uscc_inner_check', 'damaged_number')), (select sum(f.row_count)
from landing.file f
join ref.code c on c.list_code = 'reporting_unit' and c.code = f.unit_code
where f.data_date between {period})
;

-- section: indicators_verified_in_time
select sum((due_on >= coalesce((select min(v.concluded_on)
from core.verification v
where v.target_key = r.target_key), date '2019-02-02'))::integer), count(*)
from core.referral r
join ref.code c on c.list_code = 'reporting_unit' and c.code = r.unit_code
where referred_on between {period}
;

-- section: indicators_report_published
select (select count(distinct o.record_key)
from share.outbox o
where o.kind = 'verification_report' and o.action = 'upsert' and o.valid_on between {period} and o.region_code <> '420000'), (select count(*)
from core.verification v
join ref.code c on c.list_code = 'reporting_unit' and c.code = v.unit_code
where v.concluded_on between {period})
;

-- section: indicators_key_supervised
select (select count(*)
from core.list_entry e
join core.record r using (subject_key, record_key)
where e.list_code = 'key_supervision' and r.determination_kind = 'recognition' and r.region_code <> '420000'
and e.listed_on between {period}), (select count(*)
from core.verification v
join ref.code c on c.list_code = 'reporting_unit' and c.code = v.unit_code
where v.recognition_no is not null and v.concluded_on between {period})
;

-- section: indicators_error_corrected
{error_kinds}
select count(corrected_on), count(*)
from error_kinds e
join ref.code c on c.list_code = 'reporting_unit' and c.code = e.unit_code
where e.data_date between {period}
;

-- section: indicators_objection_ruled
select count(*) filter (where o.ruled_on between {period}), count(*) filter (where o.raised_on between {period})
from core.objection o
join core.record r using (subject_key, record_key)
join ref.code c on c.list_code = 'reporting_unit' and c.code = r.unit_code
;

-- section: verdicts
select verdict_code, count(*)
from core.verification
where concluded_on between {period}
group by 1
order by 1
;

