-- What the engineer on call is told: alerts, raised once and settled when their cause is gone.
-- Grain: one alert. Key: alert_key, from code, what it is about and the data date.
-- Safe to re-run: applied once by the migration runner, in one transaction.

create table ops.alert (
  alert_key text primary key,
  alert_code text not null,
  about text not null,
  data_date date not null,
  detail text not null,
  raised_at timestamptz not null,
  settled_at timestamptz
);
create index on ops.alert (raised_at) where settled_at is null;
comment on table ops.alert is 'One alert; codes and their runbook are include/schemas/alerts.yaml and docs/runbook.md. On the coordinator alone: few rows.';
comment on column ops.alert.about is 'The feed, flow, task, lane or DAG file that it is about.';
comment on column ops.alert.settled_at is 'When the watch found the cause gone, or a person settled it; NULL while it stands.';

grant select, insert, update on ops.alert to records_loader, records_builder, records_sharer;
