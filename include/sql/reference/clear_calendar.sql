-- Grain: one day. Safe to re-run: the calendar is loaded again in the same transaction.
delete from ref.calendar;
