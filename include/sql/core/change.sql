-- noqa: disable=all
-- The linter cannot read the places where names are put in.
-- Brings a table of the fold to what was made for the touched subjects: only rows that differ are written. Rows taken out and put in
-- again under the same key would fill its indexes with what is gone, and the build would wait for pages of other subjects.
-- Grain, key: those of the table. Safe to re-run: where nothing differs, nothing is written.
-- Placeholders: table, same_key and same_row (t against w).

-- section: remove
delete from core.{table} as t using core.touched_subject as u
where u.run_id = %(run_id)s and (u.is_moved or not %(only_moved)s) and u.subject_key = t.subject_key
  and not exists (select from core_next.{table} as w where {same_key} and {same_row});

-- section: add
-- What stands under a key by now is what is wanted, so a conflict is a row that stays. The rows of a subject are put side by side:
-- a day reads them by subject, each page once.
insert into core.{table}
select * from core_next.{table}
order by subject_key
on conflict do nothing;

-- section: clear
truncate core_next.{table};
