-- Grain: one day. Key: day. Safe to re-run: follows clear_calendar in one transaction.
insert into ref.calendar (day, is_working, working_day_no, basis)
values (%(day)s, %(is_working)s, %(working_day_no)s, %(basis)s);
