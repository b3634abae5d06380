-- The day on which a number of working days after a day ends, and whether official calendars confirm it (A5).
-- Grain: one row, none where ref.calendar does not reach. Safe to re-run: only a definition.
-- basis: fallback where a day in between is a plain weekday past the last published calendar, else override where the
-- centre set one, else official.
create or replace function core.due_day(opened_on date, working_days integer)
returns table (due_on date, due_basis text)
language plpgsql stable parallel safe as $$
begin
    return query
    select
        due.day as due_on,
        case
            when bool_or(passed.basis = 'fallback') then 'fallback'
            when bool_or(passed.basis = 'override') then 'override'
            else 'official'
        end as due_basis
    from ref.calendar as opened
    inner join ref.calendar as due
        on due.working_day_no = opened.working_day_no + working_days and due.is_working
    inner join ref.calendar as passed on opened.day < passed.day and due.day >= passed.day
    where opened.day = opened_on
    group by due.day;
end;
$$;
