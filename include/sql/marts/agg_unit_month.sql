-- What each unit did in each month, under its current code; months and units without data stand with zeros.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with unit as (
  select department_code, current_code from marts.dim_department
),

place as (
  select distinct on (r.region_code) r.region_code, d.current_code
  from marts.dim_region as r
  inner join unit as d on d.department_code = r.unit_code
  order by r.region_code asc, r.valid_from desc
),

-- the months that this publication looks at, within the time of which there is data
month as (
  select distinct m.month_on, (m.month_on + interval '1 month')::date as next_on
  from marts_next.month as m
  cross join marts_next.first_month as f
  where m.month_on between least(f.month_on, date_trunc('month', %(valid_on)s::date)) and %(valid_on)s
),

grid as (
  select u.current_code as unit_code, m.month_on
  from month as m
  cross join (select distinct current_code from unit) as u
),

submitted as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.file_count)::bigint as file_count,
    sum(f.refused_count)::bigint as refused_count,
    sum(f.row_count)::bigint as row_count,
    sum(f.accepted_count)::bigint as accepted_count,
    sum(f.quarantined_count)::bigint as quarantined_count,
    sum(f.skipped_count)::bigint as skipped_count,
    sum(f.incomplete_count)::bigint as incomplete_count,
    sum(f.wrong_code_count)::bigint as wrong_code_count
  from month as m
  inner join marts.fact_submission as f on f.data_date >= m.month_on and f.data_date < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

reported as (
  select u.current_code as unit_code, min(f.first_on) as first_reported_on
  from unit as u
  cross join lateral (
    select min(s.data_date) as first_on from marts.fact_submission as s
    where s.unit_code = u.department_code
  ) as f
  group by u.current_code
),

referred as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.referral_count)::bigint as referral_count,
    (sum(f.referral_count) filter (where f.concluded_on is not null))::bigint as concluded_count,
    sum(f.overdue_count)::bigint as overdue_count
  from month as m
  inner join marts.fact_referral as f on f.referred_on >= m.month_on and f.referred_on < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

verified as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.verification_count)::bigint as verification_count,
    (sum(f.verification_count) filter (where f.verdict_code in ('confirmed', 'partly_confirmed')))::bigint as confirmed_count,
    (sum(f.verification_count) filter (where f.verdict_code = 'not_confirmed'))::bigint as not_confirmed_count,
    sum(f.recognition_count)::bigint as recognition_count
  from month as m
  inner join marts.fact_verification as f on f.concluded_on >= m.month_on and f.concluded_on < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

told as (
  select
    p.current_code as unit_code,
    m.month_on,
    count(distinct f.record_key) as report_count
  from month as m
  inner join marts.fact_share as f on f.month_on = m.month_on
  inner join place as p on p.region_code = f.region_code
  where f.kind = 'verification_report' and f.action = 'upsert'
  group by p.current_code, m.month_on
),

gathered as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.record_count)::bigint as record_count,
    sum(f.on_time_count)::bigint as on_time_count,
    sum(f.late_count)::bigint as late_count,
    sum(f.fine_yuan)::numeric(18, 2) as fine_yuan
  from month as m
  inner join marts.agg_record_month as f on f.month_on = m.month_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

listed as (
  select
    u.current_code as unit_code,
    m.month_on,
    (sum(f.entry_count) filter (where f.list_code = 'key_supervision'))::bigint as key_supervision_count,
    (sum(f.entry_count) filter (where f.list_code = 'serious_dishonesty'))::bigint as serious_count
  from month as m
  inner join marts.fact_list_entry as f on f.listed_on >= m.month_on and f.listed_on < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

measured as (
  select
    u.current_code as unit_code,
    m.month_on,
    count(*) filter (where f.act = 'supervision') as supervision_count,
    count(*) filter (where f.act = 'punishment') as punishment_count,
    count(*) filter (where f.act = 'training') as training_count,
    count(*) filter (where f.act = 'commitment') as commitment_count
  from month as m
  inner join marts.fact_measure as f on f.started_on >= m.month_on and f.started_on < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  group by u.current_code, m.month_on
),

repaired as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.repair_count)::bigint as repair_count
  from month as m
  inner join marts.fact_repair as f on f.ruled_on >= m.month_on and f.ruled_on < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  where f.state = 'granted'
  group by u.current_code, m.month_on
),

objected as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(e.raised)::bigint as objection_count,
    sum(e.ruled)::bigint as ruled_count,
    sum(e.upheld)::bigint as upheld_count
  from marts.fact_objection as f
  inner join unit as u on u.department_code = f.unit_code
  cross join lateral (
    values
    (f.raised_on, f.objection_count, 0, 0),
    (f.ruled_on, 0, f.objection_count, (f.state = 'upheld')::integer)
  ) as e (at_on, raised, ruled, upheld)
  inner join month as m on e.at_on >= m.month_on and e.at_on < m.next_on
  group by u.current_code, m.month_on
),

faulty as (
  select
    u.current_code as unit_code,
    m.month_on,
    sum(f.issue_count)::bigint as issue_count,
    (sum(f.issue_count) filter (where f.severity = 'error'))::bigint as error_count,
    (sum(f.issue_count) filter (where f.severity = 'error' and f.is_repeat))::bigint as repeat_count,
    count(*) filter (where f.severity = 'error') as error_kind_count,
    count(f.corrected_on) filter (where f.severity = 'error') as corrected_count,
    (sum(f.correction_working_days) filter (where f.severity = 'error'))::bigint as correction_working_days
  from month as m
  inner join marts.fact_issue as f on f.data_date >= m.month_on and f.data_date < m.next_on
  inner join unit as u on u.department_code = f.unit_code
  where f.responsibility = 'department'
  group by u.current_code, m.month_on
)

select
  g.unit_code,
  g.month_on,
  coalesce(s.file_count, 0) > 0 as has_reported,
  r.first_reported_on,
  coalesce(s.file_count, 0) as file_count,
  coalesce(s.refused_count, 0) as refused_count,
  coalesce(s.row_count, 0) as row_count,
  coalesce(s.accepted_count, 0) as accepted_count,
  coalesce(s.quarantined_count, 0) as quarantined_count,
  coalesce(s.skipped_count, 0) as skipped_count,
  coalesce(s.incomplete_count, 0) as incomplete_count,
  coalesce(s.wrong_code_count, 0) as wrong_code_count,
  coalesce(f.referral_count, 0) as referral_count,
  coalesce(f.concluded_count, 0) as concluded_count,
  coalesce(f.overdue_count, 0) as overdue_count,
  coalesce(v.verification_count, 0) as verification_count,
  coalesce(v.confirmed_count, 0) as confirmed_count,
  coalesce(v.not_confirmed_count, 0) as not_confirmed_count,
  coalesce(v.recognition_count, 0) as recognition_count,
  coalesce(t.report_count, 0) as report_count,
  coalesce(a.record_count, 0) as record_count,
  coalesce(a.on_time_count, 0) as on_time_count,
  coalesce(a.late_count, 0) as late_count,
  coalesce(a.fine_yuan, 0)::numeric(18, 2) as fine_yuan,
  coalesce(l.key_supervision_count, 0) as key_supervision_count,
  coalesce(l.serious_count, 0) as serious_count,
  coalesce(m.supervision_count, 0) as supervision_count,
  coalesce(m.punishment_count, 0) as punishment_count,
  coalesce(m.training_count, 0) as training_count,
  coalesce(m.commitment_count, 0) as commitment_count,
  coalesce(p.repair_count, 0) as repair_count,
  coalesce(o.objection_count, 0) as objection_count,
  coalesce(o.ruled_count, 0) as ruled_count,
  coalesce(o.upheld_count, 0) as upheld_count,
  coalesce(i.issue_count, 0) as issue_count,
  coalesce(i.error_count, 0) as error_count,
  coalesce(i.repeat_count, 0) as repeat_count,
  coalesce(i.error_kind_count, 0) as error_kind_count,
  coalesce(i.corrected_count, 0) as corrected_count,
  coalesce(i.correction_working_days, 0) as correction_working_days
from grid as g
left join reported as r on r.unit_code = g.unit_code
left join submitted as s on s.unit_code = g.unit_code and s.month_on = g.month_on
left join referred as f on f.unit_code = g.unit_code and f.month_on = g.month_on
left join verified as v on v.unit_code = g.unit_code and v.month_on = g.month_on
left join told as t on t.unit_code = g.unit_code and t.month_on = g.month_on
left join gathered as a on a.unit_code = g.unit_code and a.month_on = g.month_on
left join listed as l on l.unit_code = g.unit_code and l.month_on = g.month_on
left join measured as m on m.unit_code = g.unit_code and m.month_on = g.month_on
left join repaired as p on p.unit_code = g.unit_code and p.month_on = g.month_on
left join objected as o on o.unit_code = g.unit_code and o.month_on = g.month_on
left join faulty as i on i.unit_code = g.unit_code and i.month_on = g.month_on
