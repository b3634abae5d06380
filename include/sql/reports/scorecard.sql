-- What each unit is told of the quality of its deliveries: its own months, with its place among all that were scored (E4, H2).
-- Binds: trend_on and last_on, the months up to the one that has ended. Grain and key: one scored month of one unit.
-- Safe to re-run: reads only, under the role that sees the marts and nothing else. Percentages are out of 100, empty without data.
with scored as (
  select
    s.*,
    rank() over (partition by s.month_on order by s.score desc) as place_no,
    count(*) over (partition by s.month_on) as unit_count
  from marts.score_unit_month as s
  where s.month_on between %(trend_on)s and %(last_on)s and s.score is not null
)

select
  unit_code,
  to_char(month_on, 'YYYY-MM') as month_name,
  score,
  place_no,
  unit_count,
  round(100 * completeness_rate, 1) as completeness_percent,
  round(100 * timeliness_rate, 1) as timeliness_percent,
  round(100 * error_rate, 1) as error_percent,
  round(100 * refused_rate, 1) as refused_percent,
  round(100 * repeat_error_rate, 1) as repeat_error_percent,
  mean_correction_days,
  round(100 * upheld_rate, 1) as upheld_percent
from scored
order by unit_code collate "C" asc, month_on desc;
