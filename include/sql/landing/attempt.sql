-- Readings that have begun. Grain and key: one file as it was seen (path, fingerprint). Safe to re-run: counts begin anew once
-- a reading ends, however it ends, so what is counted are processes that died.

-- section: begin
insert into landing.attempt as held (path, fingerprint, attempt_count, known_at)
values (%(path)s, %(fingerprint)s, 1, %(known_at)s)
on conflict (path, fingerprint) do update
  set attempt_count = held.attempt_count + 1, known_at = excluded.known_at;

-- section: end
delete from landing.attempt
where path = %(path)s and fingerprint = %(fingerprint)s;

-- section: settle
delete from ops.issue
where file_id = %(path)s and issue_code = 'reader_crash';

-- section: parked
select path, fingerprint
from landing.attempt
where attempt_count >= %(most)s;

-- section: unfinished
select path, attempt_count
from landing.attempt
where path = any(%(paths)s);

-- section: report
insert into ops.issue (
  issue_id, file_id, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
values (
  core.key(%(path)s, 'reader_crash'), %(path)s, 'reader_crash', %(severity)s, %(responsibility)s, %(value)s, %(message)s,
  %(suggestion)s, 'acceptance', %(known_at)s
)
on conflict (issue_id) do update
  set value = excluded.value, message = excluded.message, known_at = excluded.known_at;
