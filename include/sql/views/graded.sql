-- The standing grade of each subject in each published cycle as of a day: the latest push; a refreshed grade replaces the old one.
-- Grain and key: one subject in one cycle of one scale (scale_code, cycle_code, code or comparable name). Safe to re-run: only a
-- definition.
-- In PL/pgSQL since Citus plans no SQL function that reads a table it keeps.
create or replace function core.graded(until date)
returns setof evidence.evaluation
language plpgsql stable parallel safe as $$
begin
    return query
    select distinct on (e.scale_code, e.cycle_code, coalesce(upper(e.subject_code), core.comparable(e.subject_name))) e.*
    from evidence.evaluation as e
    where e.data_date <= until and e.published_on <= until
    order by
        e.scale_code asc, e.cycle_code asc, coalesce(upper(e.subject_code), core.comparable(e.subject_name)),
        e.data_date desc, e.published_on desc, e.grade_code desc, e.row_no asc;
end;
$$;
