-- Grain: one day. Key: date_key.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.dim_date as t
where not exists (
  select from (
    select
      day as date_key,
      extract(year from day)::integer as year_no,
      extract(quarter from day)::integer as quarter_no,
      extract(month from day)::integer as month_no,
      extract(day from day)::integer as day_no,
      is_working as is_working_day,
      basis as working_day_basis
    from ref.calendar
  ) as s
  where t.date_key = s.date_key
);

merge into marts.dim_date as t
using (
  select
    day as date_key,
    extract(year from day)::integer as year_no,
    extract(quarter from day)::integer as quarter_no,
    extract(month from day)::integer as month_no,
    extract(day from day)::integer as day_no,
    is_working as is_working_day,
    basis as working_day_basis
  from ref.calendar
) as s
on t.date_key = s.date_key
when matched and (t.year_no, t.quarter_no, t.month_no, t.day_no, t.is_working_day, t.working_day_basis) is distinct from (s.year_no, s.quarter_no, s.month_no, s.day_no, s.is_working_day, s.working_day_basis)
  then update set year_no = s.year_no, quarter_no = s.quarter_no, month_no = s.month_no, day_no = s.day_no, is_working_day = s.is_working_day, working_day_basis = s.working_day_basis
when not matched
  then insert (date_key, year_no, quarter_no, month_no, day_no, is_working_day, working_day_basis)
  values (s.date_key, s.year_no, s.quarter_no, s.month_no, s.day_no, s.is_working_day, s.working_day_basis);
