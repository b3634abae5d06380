-- The figures of the bulletin, the quarterly report and the yearly assessment, all from the marts (H1).
-- Binds: first_on and last_on, the first and last day of the period; trend_on, where the trend begins.
-- Grain: stated at each section. Safe to re-run: reads only, under the role that sees the marts and nothing else.

-- section: totals
-- One row: the whole province in the period; all of it empty where the period is outside of what the marts hold.
select
  case when count(*) > 0 then (
    select count(*) from marts.fact_case as c
    where c.first_pushed_on between %(first_on)s and %(last_on)s
  ) end as case_count,
  sum(a.referral_count) as referral_count,
  sum(a.concluded_count) as concluded_count,
  sum(a.overdue_count) as overdue_count,
  sum(a.verification_count) as verification_count,
  sum(a.confirmed_count) as confirmed_count,
  sum(a.not_confirmed_count) as not_confirmed_count,
  sum(a.report_count) as report_count,
  sum(a.recognition_count) as recognition_count,
  sum(a.record_count) as record_count,
  sum(a.on_time_count) / nullif(sum(a.record_count), 0) as timeliness_rate,
  sum(a.key_supervision_count) as key_supervision_count,
  sum(a.serious_count) as serious_count,
  sum(a.supervision_count) as supervision_count,
  sum(a.punishment_count) as punishment_count,
  sum(a.training_count) as training_count,
  sum(a.commitment_count) as commitment_count,
  sum(a.repair_count) as repair_count,
  sum(a.objection_count) as objection_count,
  sum(a.ruled_count) as ruled_count,
  sum(a.upheld_count) as upheld_count,
  sum(a.file_count) as file_count,
  sum(a.row_count) as row_count,
  sum(a.quarantined_count) / nullif(sum(a.row_count), 0) as error_rate,
  case when count(*) > 0 then count(distinct a.unit_code) filter (where a.has_reported) end as reported_count,
  nullif(count(distinct a.unit_code), 0) as unit_count
from marts.agg_unit_month as a
where a.month_on between %(first_on)s and %(last_on)s;

-- section: units
-- One row a unit under its current code, those without data included.
select
  d.department_code,
  d.department_name,
  d.is_territory,
  bool_or(a.has_reported) as has_reported,
  sum(a.file_count) as file_count,
  sum(a.referral_count) as referral_count,
  sum(a.concluded_count) as concluded_count,
  sum(a.overdue_count) as overdue_count,
  sum(a.verification_count) as verification_count,
  sum(a.report_count) as report_count,
  sum(a.record_count) as record_count,
  sum(a.on_time_count) as on_time_count,
  sum(a.late_count) as late_count,
  sum(a.key_supervision_count) as key_supervision_count,
  sum(a.punishment_count) as punishment_count,
  sum(a.repair_count) as repair_count,
  sum(a.objection_count) as objection_count,
  sum(a.upheld_count) as upheld_count,
  sum(a.on_time_count) / nullif(sum(a.record_count), 0) as timeliness_rate,
  sum(a.quarantined_count) / nullif(sum(a.row_count), 0) as error_rate
from marts.agg_unit_month as a
inner join marts.dim_department as d on d.department_code = a.unit_code
where a.month_on between %(first_on)s and %(last_on)s
group by d.department_code, d.department_name, d.is_territory
order by d.is_territory desc, d.department_code asc;

-- section: trend
-- One row a month up to the period's end.
select
  to_char(a.month_on, 'YYYY-MM') as month_name,
  sum(a.verification_count) as verification_count,
  sum(a.record_count) as record_count,
  sum(a.repair_count) as repair_count,
  sum(a.objection_count) as objection_count,
  sum(a.file_count) as file_count
from marts.agg_unit_month as a
where a.month_on between %(trend_on)s and %(last_on)s
group by a.month_on
order by a.month_on;

-- section: months
-- One row a month of the period.
select
  to_char(a.month_on, 'YYYY-MM') as month_name,
  sum(a.referral_count) as referral_count,
  sum(a.verification_count) as verification_count,
  sum(a.record_count) as record_count,
  sum(a.on_time_count) / nullif(sum(a.record_count), 0) as timeliness_rate,
  sum(a.key_supervision_count) as key_supervision_count,
  sum(a.punishment_count) as punishment_count,
  sum(a.repair_count) as repair_count,
  sum(a.objection_count) as objection_count,
  sum(a.quarantined_count) / nullif(sum(a.row_count), 0) as error_rate,
  count(*) filter (where a.has_reported) as reported_count
from marts.agg_unit_month as a
where a.month_on between %(first_on)s and %(last_on)s
group by a.month_on
order by a.month_on;

-- section: verdicts
-- One row a verdict.
select v.verdict_code, sum(v.verification_count) as verification_count
from marts.fact_verification as v
where v.concluded_on between %(first_on)s and %(last_on)s
group by v.verdict_code
order by v.verdict_code;

-- section: scores
-- One row a unit that delivered anything: rates over the whole period, the score as the mean of its months.
select
  rank() over (order by avg(s.score) desc) as place_no,
  d.department_name,
  avg(s.score)::numeric(5, 2) as score,
  1 - sum(a.incomplete_count) / nullif(sum(a.row_count), 0) as completeness_rate,
  sum(a.on_time_count) / nullif(sum(a.record_count), 0) as timeliness_rate,
  sum(a.quarantined_count) / nullif(sum(a.row_count), 0) as error_rate,
  sum(a.refused_count) / nullif(sum(a.file_count), 0) as refused_rate,
  sum(a.repeat_count) / nullif(sum(a.error_count), 0) as repeat_error_rate,
  sum(a.correction_working_days) / nullif(sum(a.corrected_count), 0) as mean_correction_days,
  sum(a.upheld_count) / nullif(sum(a.ruled_count), 0) as upheld_rate,
  count(s.score) as scored_months
from marts.agg_unit_month as a
inner join marts.score_unit_month as s on s.unit_code = a.unit_code and s.month_on = a.month_on
inner join marts.dim_department as d on d.department_code = a.unit_code
where a.month_on between %(first_on)s and %(last_on)s
group by d.department_code, d.department_name
having count(s.score) > 0
order by avg(s.score) desc, d.department_code asc;

-- section: indicators
-- One row an indicator of city monitoring over the province, with the best and the last territory.
with territory as (
  select
    c.indicator_code,
    c.indicator_name,
    d.department_name,
    sum(c.numerator) as numerator,
    sum(c.denominator) as denominator,
    sum(c.numerator) / nullif(sum(c.denominator), 0) as rate
  from marts.city_indicator_month as c
  inner join marts.dim_department as d on d.department_code = c.unit_code
  where c.month_on between %(first_on)s and %(last_on)s
  group by c.indicator_code, c.indicator_name, d.department_code, d.department_name
)

select
  indicator_name,
  sum(numerator) as numerator,
  sum(denominator) as denominator,
  sum(numerator) / nullif(sum(denominator), 0) as rate,
  count(*) filter (where denominator > 0) as territory_count,
  (array_agg(department_name || '（' || round(100 * rate, 1) || '%%）' order by rate desc, department_name asc) filter (where rate is not null))[1]
    as highest_name,
  (array_agg(department_name || '（' || round(100 * rate, 1) || '%%）' order by rate asc, department_name asc) filter (where rate is not null))[1]
    as lowest_name
from territory
group by indicator_code, indicator_name
order by indicator_code;

-- section: notes
-- One row a circumstance that readers of the figures must know: note_code and what it names.
with version as (
  select version_no, valid_on, is_stale, stale_reason
  from marts.current_version
),

unit as (
  select
    a.unit_code,
    d.department_name,
    bool_or(a.has_reported) as has_reported,
    min(a.first_reported_on) as first_reported_on
  from marts.agg_unit_month as a
  inner join marts.dim_department as d on d.department_code = a.unit_code
  where a.month_on between %(first_on)s and %(last_on)s
  group by a.unit_code, d.department_name
),

note as (
  select 1 as place_no, 'version' as note_code, version_no::text as first_name, valid_on::text as second_name, null::text as third_name
  from version
  union all
  select 2, 'stale', stale_reason, valid_on::text, null
  from version
  where is_stale
  union all
  select 3, 'unfinished', valid_on::text, null, null
  from version
  where valid_on < %(last_on)s
  union all
  select 4, 'empty_month', to_char(m.month_on, 'YYYY-MM'), null, null
  from version as v
  cross join generate_series(%(first_on)s::date::timestamp, %(last_on)s::date::timestamp, interval '1 month') as m (month_on)
  where m.month_on <= v.valid_on and not exists (select from marts.agg_unit_month as a where a.month_on = m.month_on::date and a.has_reported)
  union all
  select 5, 'never_reported', string_agg(department_name, '、' order by unit_code), count(*)::text, null
  from unit
  where first_reported_on is null or first_reported_on > %(last_on)s
  having count(*) > 0
  union all
  select 6, 'silent', string_agg(department_name, '、' order by unit_code), count(*)::text, null
  from unit
  where not has_reported and first_reported_on <= %(last_on)s
  having count(*) > 0
  union all
  select
    7,
    case when d.is_territory then 'recoded_unit' else 'merged_department' end,
    d.department_name || '（' || d.department_code || '）',
    n.department_name || '（' || n.department_code || '）',
    d.changed_on::text
  from marts.dim_department as d
  inner join marts.dim_department as n on n.department_code = d.current_code
  where d.current_code <> d.department_code
    and (
      d.changed_on between %(first_on)s and %(last_on)s
      or exists (
        select from marts.fact_submission as f
        where f.unit_code = d.department_code and f.data_date between %(first_on)s and %(last_on)s
      )
    )
  union all
  select
    8,
    'recoded_region',
    r.region_name || '（' || r.region_code || '）',
    n.region_name || '（' || n.region_code || '）',
    (r.valid_until + 1)::text
  from marts.dim_region as r
  inner join marts.dim_region as n on n.region_code = r.current_code and n.is_current
  where r.valid_until + 1 between %(first_on)s and %(last_on)s
    and not exists (
      select from marts.dim_department as d
      where d.department_code = r.region_code and d.current_code <> d.department_code
    )
  union all
  select 9, 'unknown_unit', string_agg(distinct f.unit_code, '、' order by f.unit_code), count(*)::text, null
  from marts.fact_submission as f
  where f.data_date between %(first_on)s and %(last_on)s
    and not exists (select from marts.dim_department as d where d.department_code = f.unit_code)
  having count(*) > 0
  union all
  select 10, 'fallback_calendar', count(*)::text, null, null
  from marts.dim_date
  where date_key between %(first_on)s and %(last_on)s and working_day_basis = 'fallback'
  having count(*) > 0
  union all
  select 11, 'unconfirmed_weights', null, null, null
  where exists (select from marts.dim_policy where policy_code = 'scorecard' and not is_confirmed)
)

select note_code, first_name, second_name, third_name
from note
order by place_no, first_name;
