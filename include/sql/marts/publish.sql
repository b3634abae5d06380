-- noqa: disable=all
-- The linter cannot read the places where names and the source of a table are put in.
-- Brings one mart table to its source: only rows that differ are written, and readers of the old version are not held up.
-- Grain, key: those of the table. Safe to re-run: where nothing differs, nothing is written.
-- Placeholders: source (the select of the table's file), next (marts_next, what the table is to hold of what source covers),
-- same_key (t against w), within (limits t to what source covers), keep (adds the change to each table that sums this one up),
-- months (notes the months whose figures change).
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
){keep}{months}
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
){keep}{months}
select count(*), coalesce(sum(hashtextextended(c::text, 0)::numeric), 0)
from changed as c;

-- section: clear
truncate {next};

-- section: keep
,
{name} as (
  insert into {total} as held ({keys}, {measures})
  select {keys}, {sums}
  from changed
  group by {keys}
  on conflict ({keys}) do update set {added}
)

-- section: months
,
dated as (
  insert into marts_next.month (month_on)
  select distinct date_trunc('month', d.day)::date
  from changed as c
  cross join lateral unnest(array[{dates}]) as d (day)
  where d.day is not null
)

-- section: within_subject
t.subject_key in (select s.subject_key from marts_next.subject as s)

-- section: within_told
t.subject_key in (select s.subject_key from marts_next.told_subject as s)

-- section: within_file
t.file_id in (select f.file_id from marts_next.file as f)

-- section: within_issue
exists (
  select from marts_next.delivery as d
  where d.unit_code = t.unit_code and d.kind = t.kind
    and (t.data_date >= d.since_on or t.corrected_on is null or t.corrected_on >= d.since_on)
)

-- section: within_month
t.month_on in (select m.month_on from marts_next.month as m)

-- section: emptied
delete from {table}
where {measure} = 0;

-- section: recount
select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
from {table} as t;
