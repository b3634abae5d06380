-- What city monitoring asks of each territory: records count where they lie, deeds with the unit.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with territory as (
  select current_code as unit_code
  from marts.dim_department
  where is_territory and department_code = current_code
),

place as (
  select distinct on (r.region_code) r.region_code, d.current_code as unit_code
  from marts.dim_region as r
  inner join marts.dim_department as d on d.department_code = r.unit_code
  order by r.region_code asc, r.valid_from desc
),

lying as (
  select
    p.unit_code,
    a.month_on,
    sum(a.record_count) as record_count,
    sum(a.on_time_count) as on_time_count,
    sum(a.record_count) filter (where a.state = 'repaired') as repaired_count
  from marts.agg_region_month as a
  inner join place as p on p.region_code = a.region_code
  where a.month_on in (select m.month_on from marts_next.month as m)
  group by p.unit_code, a.month_on
),

-- who recognised is a provincial department: whom it put under supervision counts where the subject is
supervised as (
  select p.unit_code, date_trunc('month', e.listed_on)::date as month_on, sum(e.entry_count) as entry_count
  from marts.fact_list_entry as e
  inner join marts.fact_record as f on f.subject_key = e.subject_key and f.record_key = e.record_key
  inner join place as p on p.region_code = e.region_code
  where e.list_code = 'key_supervision' and f.determination_kind = 'recognition'
    and date_trunc('month', e.listed_on)::date in (select m.month_on from marts_next.month as m)
  group by p.unit_code, date_trunc('month', e.listed_on)::date
),

shared as (
  select
    p.unit_code,
    s.month_on,
    sum(s.message_count) as sent_count,
    sum(s.message_count) filter (where s.state = 'acknowledged') as stored_count
  from marts.agg_share_month as s
  inner join place as p on p.region_code = s.region_code
  where s.kind = 'record' and s.month_on in (select m.month_on from marts_next.month as m)
  group by p.unit_code, s.month_on
)

select
  g.unit_code,
  g.month_on,
  i.indicator_code,
  c.label as indicator_name,
  coalesce(i.numerator, 0)::numeric as numerator,
  coalesce(i.denominator, 0)::numeric as denominator
from marts.agg_unit_month as g
inner join territory as t on t.unit_code = g.unit_code
left join lying as l on l.unit_code = g.unit_code and l.month_on = g.month_on
left join supervised as k on k.unit_code = g.unit_code and k.month_on = g.month_on
left join shared as s on s.unit_code = g.unit_code and s.month_on = g.month_on
cross join lateral (
  values
  ('verified', g.concluded_count, g.referral_count),
  ('verified_in_time', g.referral_count - g.overdue_count, g.referral_count),
  ('report_published', g.report_count, g.verification_count),
  ('gathered_in_time', l.on_time_count, l.record_count),
  ('record_shared', s.stored_count, s.sent_count),
  ('key_supervised', k.entry_count, g.recognition_count),
  ('wrong_code', g.wrong_code_count, g.row_count),
  ('error_corrected', g.corrected_count, g.error_kind_count),
  ('record_repaired', l.repaired_count, l.record_count),
  ('objection_ruled', g.ruled_count, g.objection_count)
) as i (indicator_code, numerator, denominator)
inner join ref.code as c on c.list_code = 'city_indicator' and c.code = i.indicator_code
where g.month_on in (select m.month_on from marts_next.month as m)
