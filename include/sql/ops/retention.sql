-- What has been kept long enough goes. Grain: one row of each table. Safe to re-run: what is gone is not found again.

-- section: pages
-- Pages of complete pulls alone: an incomplete one still needs them.
delete from landing.page as g using landing.pull as p
where g.pull_id = p.pull_id and p.state = 'complete' and p.data_date < %(before)s;

-- section: alerts
delete from ops.alert
where settled_at is not null and data_date < %(before)s;
