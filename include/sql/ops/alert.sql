-- Alerts: raised and settled. Grain: one alert. Key: alert_key, from code, about and data date.
-- Safe to re-run: an alert that stands is not raised twice; one that comes back after it was settled stands again.

-- section: raise
insert into ops.alert as held (alert_key, alert_code, about, data_date, detail, raised_at)
values (
    core.key('alert', %(alert_code)s, %(about)s, %(data_date)s::date::text), %(alert_code)s, %(about)s, %(data_date)s,
    %(detail)s, %(known_at)s
)
on conflict (alert_key) do update
    set detail = excluded.detail, raised_at = excluded.raised_at, settled_at = null
    where held.settled_at is not null
returning alert_key;

-- section: settle
-- What the watch raised once and finds no more.
update ops.alert
set settled_at = %(known_at)s
where
    settled_at is null and alert_code = any(%(watched)s)
    and not alert_key = any(%(standing)s);

-- section: key
select core.key('alert', %(alert_code)s, %(about)s, %(data_date)s::date::text);
