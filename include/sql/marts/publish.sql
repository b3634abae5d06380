-- noqa: disable=all
-- The linter cannot read the places where names and the source of a table are put in.
-- Brings one mart table to its source: only rows that differ are written, and readers of the old version are not held up.
-- Grain, key: those of the table. Safe to re-run: where nothing differs, nothing is written.
-- Placeholders: source (the select of the table's file), next (marts_next, what the table is to hold of what source covers),
-- same_key (t against w), within (limits t to what source covers), keep (adds the change to the table that sums this one up).
-- marts_next stands between because Citus lets no statement read its spread tables and write in a WITH clause.

-- section: stage
insert into {next} ({columns})
{source}
;

-- section: remove
with changed as (
  delete from {table} as t
  where {within}
    and not exists (select from {next} as w where {same_key} and row(w.*) is not distinct from row(t.*))
  returning t.*
){keep}
select -count(*), coalesce(-sum(hashtextextended(c::text, 0)::numeric), 0)
from changed as c;

-- section: add
-- What stands under a key by now is what is wanted, so a conflict is a row that stays.
with changed as (
  insert into {table} as t ({columns})
  select {columns}
  from {next} as w
  on conflict ({key}) do nothing
  returning t.*
){keep}
select count(*), coalesce(sum(hashtextextended(c::text, 0)::numeric), 0)
from changed as c;

-- section: clear
truncate {next};

-- section: keep
,
kept as (
  insert into {total} as held ({keys}, {measures})
  select {keys}, {sums}
  from changed
  group by {keys}
  on conflict ({keys}) do update set {added}
)

-- section: within_subjects
t.subject_key in (select s.subject_key from marts_next.subject as s)

-- section: emptied
delete from {table}
where record_count = 0;

-- section: recount
select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
from {table} as t;
