-- How each feed stands, newest first; the first row's is_well counts, with open alerts and gaps, for `conduct-records diagnose`.
-- Grain: one line of the feed's log. Safe to re-run: reads only.

-- section: gaps
-- Open dates that a pull has not been complete for, or that brought no submission.
select o.data_date
from ops.open_date as o
where not exists (
  select from landing.pull as p
  where p.feed = %(feed)s and p.data_date = o.data_date and p.state = 'complete'
  union all
  select from landing.file as f
  where %(feed)s = 'submissions' and f.data_date = o.data_date and f.state = 'accepted'
)
order by o.data_date;

-- section: alerts
-- What names a flow, a task of it (flow.task), or a lane of a task (flow.task lane).
select alert_code, about, data_date, detail, raised_at
from ops.alert
where settled_at is null and split_part(about, '.', 1) = any(%(about)s)
order by raised_at, alert_key;

-- section: records
select
  state = 'done' as is_well, data_date, valid_on, known_at, digest,
  counts - 'declarations' as counts, reason
from ops.run
where flow = 'build_records'
order by known_at desc, run_id asc
limit 10;

-- section: pulls
select state = 'complete' as is_well, data_date, state, page_count, row_count, expected_count, reason
from landing.pull
where feed = %(feed)s
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
  -- a version is added only where something changed, so it may be old and well
  coalesce((
    select r.state = 'done' from ops.run as r
    where r.flow = 'publish_portal'
    order by r.known_at desc, r.run_id asc
    limit 1
  ), false) as is_well,
  p.version_no, p.valid_on, p.record_count, p.digest, p.known_at
from share.publication as p
where p.audience = 'public'
order by p.version_no desc
limit 10;

-- section: marts
select not is_stale as is_well, version_no, valid_on, digest, known_at, stale_reason
from marts.current_version;
