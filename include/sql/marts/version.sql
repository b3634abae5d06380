-- Which version of the marts readers see, and how fresh each table is.
-- Grain and key: one row, name = marts; one row a table. Safe to re-run: the number grows only with the content.

-- section: published
select version_no
from marts.current_version
where name = 'marts';

-- section: subjects_done
delete from core.unpublished_subject;

-- section: held
select row_count, checksum
from marts.freshness
where table_name = %(table_name)s;

-- section: touch
-- A change of content adds its difference to the table's count and checksum.
insert into marts.freshness as held (table_name, version_no, valid_on, moved_at, row_count, checksum)
values (%(table_name)s, 0, %(valid_on)s, %(known_at)s, %(rows)s, %(checksum)s)
on conflict (table_name) do update set
  valid_on = excluded.valid_on,
  moved_at = case when %(is_changed)s then excluded.moved_at else held.moved_at end,
  row_count = held.row_count + excluded.row_count,
  checksum = held.checksum + excluded.checksum;

-- section: digest
select encode(sha256(convert_to(string_agg(table_name || '=' || checksum::text, ',' order by table_name collate "C"), 'UTF8')), 'hex')
from marts.freshness
where table_name = any(%(tables)s);

-- section: move
insert into marts.current_version (name, version_no, valid_on, digest, known_at, is_stale, stale_reason, warnings)
values ('marts', 1, %(valid_on)s, %(digest)s, %(known_at)s, false, null, %(warnings)s)
on conflict (name) do update set
  version_no = current_version.version_no + (current_version.digest <> excluded.digest)::integer,
  valid_on = excluded.valid_on,
  digest = excluded.digest,
  known_at = excluded.known_at,
  is_stale = false,
  stale_reason = null,
  warnings = excluded.warnings
returning version_no;

-- section: number
update marts.freshness set version_no = %(version_no)s
where table_name = any(%(changed)s);

-- section: stale
-- The last good version stays; readers are told.
update marts.current_version set is_stale = true, stale_reason = %(reason)s
where name = 'marts';

-- section: run
insert into ops.run (run_id, flow, data_date, valid_on, known_at, state, digest, counts, reason)
values (
  core.key('publish_marts', %(data_date)s::date::text, %(known_at)s::timestamptz::text), 'publish_marts', %(data_date)s, %(valid_on)s,
  %(known_at)s, %(state)s, %(digest)s, %(counts)s, %(reason)s
)
on conflict (run_id) do update set
  valid_on = excluded.valid_on,
  state = excluded.state,
  digest = excluded.digest,
  counts = excluded.counts,
  reason = excluded.reason;
