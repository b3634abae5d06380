-- The book-keeping of steps. Grain: one run of one step. Key: run_id, from step, data date and known_at.
-- Safe to re-run: the same run is noted once; what it says last stands.

-- section: note
insert into ops.run (run_id, flow, data_date, known_at, state, counts, reason)
values (
    core.key(%(flow)s, %(data_date)s::date::text, %(known_at)s::timestamptz::text), %(flow)s, %(data_date)s, %(known_at)s,
    %(state)s, %(counts)s, %(reason)s
)
on conflict (run_id) do update
    set state = excluded.state, counts = excluded.counts, reason = excluded.reason;

-- section: last
select
    flow,
    data_date,
    known_at,
    state,
    counts - 'declarations' as counts,
    reason
from ops.run
where flow = any(%(flows)s)
order by known_at desc, flow asc
limit 10;
