-- Working days, quarters and months of the calendar in force.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select
  day as date_key,
  extract(year from day)::integer as year_no,
  extract(quarter from day)::integer as quarter_no,
  extract(month from day)::integer as month_no,
  extract(day from day)::integer as day_no,
  date_trunc('month', day)::date as month_on,
  is_working as is_working_day,
  working_day_no,
  basis as working_day_basis
from ref.calendar
