-- Quality of each unit's deliveries: rates that have no denominator stay empty, and the score leaves them out.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with rated as (
  select
    unit_code,
    month_on,
    1 - incomplete_count::numeric / nullif(row_count, 0) as completeness_rate,
    on_time_count::numeric / nullif(record_count, 0) as timeliness_rate,
    quarantined_count::numeric / nullif(row_count, 0) as error_rate,
    refused_count::numeric / nullif(file_count, 0) as refused_rate,
    repeat_count::numeric / nullif(error_count, 0) as repeat_error_rate,
    correction_working_days::numeric / nullif(corrected_count, 0) as mean_correction_days,
    upheld_count::numeric / nullif(ruled_count, 0) as upheld_rate
  from marts.agg_unit_month
  where month_on in (select m.month_on from marts_next.month as m)
),

weighed as (
  select
    r.unit_code,
    r.month_on,
    sum(w.weight * case w.better when 'high' then m.rate else 1 - m.rate end) / nullif(sum(w.weight), 0) as score
  from rated as r
  cross join lateral (
    values
    ('completeness_rate', r.completeness_rate),
    ('timeliness_rate', r.timeliness_rate),
    ('error_rate', r.error_rate),
    ('refused_rate', r.refused_rate),
    ('repeat_error_rate', r.repeat_error_rate),
    ('upheld_rate', r.upheld_rate)
  ) as m (rate_code, rate)
  inner join lateral (
    select (p.body ->> 'weight')::numeric as weight, p.body ->> 'better' as better
    from ref.policy as p
    where p.policy_code = 'scorecard' and p.rule_code = m.rate_code
      and r.month_on >= p.effective_from and r.month_on <= coalesce(p.effective_until, 'infinity')
  ) as w on m.rate is not null
  group by r.unit_code, r.month_on
)

select
  r.unit_code,
  r.month_on,
  r.completeness_rate::numeric(9, 4) as completeness_rate,
  r.timeliness_rate::numeric(9, 4) as timeliness_rate,
  r.error_rate::numeric(9, 4) as error_rate,
  r.refused_rate::numeric(9, 4) as refused_rate,
  r.repeat_error_rate::numeric(9, 4) as repeat_error_rate,
  r.mean_correction_days::numeric(9, 2) as mean_correction_days,
  r.upheld_rate::numeric(9, 4) as upheld_rate,
  (100 * w.score)::numeric(5, 2) as score
from rated as r
left join weighed as w on w.unit_code = r.unit_code and w.month_on = r.month_on
