-- How far the ingestion flows are with a data date. Grain: one flow and data date. Key: (data_date, flow).
-- Safe to re-run: a flow that begins again is open again, and each end is judged anew under the date's lock.

-- section: open_date
-- Whatever comes opens its date: builds and exits hold for the latest.
insert into ops.open_date (data_date, known_at)
values (%(data_date)s, %(known_at)s)
on conflict (data_date) do nothing;

-- section: lock
select pg_advisory_xact_lock(hashtextextended('arrival ' || %(data_date)s::text, 0));

-- section: begin
insert into ops.arrival (data_date, flow, begun_at)
values (%(data_date)s, %(flow)s, %(known_at)s)
on conflict (data_date, flow) do update set begun_at = excluded.begun_at, ended_at = null;

-- section: end
update ops.arrival set ended_at = %(known_at)s
where data_date = %(data_date)s and flow = %(flow)s;

-- section: ended
select count(*)
from ops.arrival
where data_date = %(data_date)s and flow = any(%(flows)s) and ended_at is not null;

-- section: open
select data_date
from ops.arrival
where data_date <> %(data_date)s and flow = %(flow)s and ended_at is null and begun_at > %(since)s;
