-- How each feed stands, newest first; the first row's is_well gives the exit code of `conduct-records diagnose`.
-- Grain: one line of the feed's log. Safe to re-run: reads only.

-- section: pushed_cases
select state = 'complete' as is_well, data_date, state, page_count, row_count, expected_count, reason
from landing.pull
where feed = 'pushed_cases'
order by data_date desc
limit 10;

-- section: evaluations
select state = 'complete' as is_well, data_date, state, page_count, row_count, expected_count, reason
from landing.pull
where feed = 'evaluations'
order by data_date desc
limit 10;

-- section: submissions
select
  bool_and(state = 'accepted' and quarantined_count = 0) as is_well,
  data_date,
  count(*) as files,
  count(*) filter (where state = 'refused') as refused_files,
  sum(row_count) as row_count,
  sum(quarantined_count) as quarantined_rows
from landing.file
group by data_date
order by data_date desc
limit 10;

-- section: platform
select
  bool_and(state <> 'rejected') and count(*) filter (where state = 'pending') = 0 as is_well,
  valid_on,
  count(*) as messages,
  count(*) filter (where state = 'pending') as pending,
  count(*) filter (where state = 'acknowledged') as acknowledged,
  count(*) filter (where state = 'rejected') as rejected
from share.outbox
group by valid_on
order by valid_on desc
limit 10;

-- section: portal
select
  p.valid_on = (select max(data_date) from ops.open_date) as is_well,
  p.version_no, p.valid_on, p.record_count, p.digest, p.known_at
from share.publication as p
where p.audience = 'public'
order by p.version_no desc
limit 10;

-- section: marts
select not is_stale as is_well, version_no, valid_on, digest, known_at, stale_reason
from marts.current_version;
