-- A submission's arrival: what it is, where it was seen, and the numbers that account for each of its rows.
-- Grain: one file (landing.file), one place and fingerprint (landing.sighting). Keys come from unit, kind, date and bytes.
-- Safe to re-run: the same bytes from the same unit for the same date are known by their key and change nothing.

-- section: one_at_a_time
-- Two runs that sweep up the same file: the second waits, then finds it known.
select pg_advisory_xact_lock(hashtextextended(%(file_id)s, 0));

-- section: known
-- is_told: the same arrival once more, as after a killed task; its own receipts say all there is to say.
select
  row_count,
  accepted_count,
  quarantined_count,
  duplicate_count,
  skipped_count,
  f.path = %(path)s and f.known_at in (
    select s.known_at
    from landing.sighting as s
    where s.path = %(path)s and s.fingerprint = %(fingerprint)s and s.file_id = %(file_id)s
  ) as is_told
from landing.file as f
where f.file_id = %(file_id)s;

-- section: sightings
select path, fingerprint
from landing.sighting;

-- section: sight
insert into landing.sighting (path, fingerprint, file_id, known_at)
values (%(path)s, %(fingerprint)s, %(file_id)s, %(known_at)s)
on conflict (path, fingerprint) do nothing;

-- section: add
insert into landing.file (
  file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count, sequence, format, encoding, template,
  contract_version, scope, state, reason, row_count, accepted_count, quarantined_count, duplicate_count, skipped_count,
  facts, known_at
)
values (
  %(file_id)s, %(unit_code)s, %(kind)s, %(data_date)s, %(sha256)s, %(file_name)s, %(path)s, %(byte_count)s, %(sequence)s,
  %(format)s, %(encoding)s, %(template)s, %(contract_version)s, %(scope)s, %(state)s, %(reason)s, %(row_count)s,
  %(accepted_count)s, %(quarantined_count)s, %(duplicate_count)s, %(skipped_count)s, %(facts)s, %(known_at)s
);

-- section: replayed
-- Rows that an earlier contract version refused: this file reads them anew.
update quarantine.row as q
set replayed_at = %(known_at)s
from landing.file as f
where q.file_id = f.file_id and q.replayed_at is null
  and f.unit_code = %(unit_code)s and f.data_date = %(data_date)s and f.sha256 = %(sha256)s
  and f.file_id <> %(file_id)s;

-- section: latest
-- Each submission as it was read last.
select distinct on (unit_code, data_date, sha256)
  unit_code, kind, data_date, file_name, path, sequence, contract_version
from landing.file
where (%(unit_code)s::text is null or unit_code = %(unit_code)s) and (%(kind)s::text is null or kind = %(kind)s)
order by unit_code asc, data_date asc, sha256 asc, known_at desc, file_id desc;
