-- What Great Expectations said of the files of one data date, kind and template.
-- Grain: one suite of one data date. Key: run_id, from both. Safe to re-run: upserts; the last run counts.

-- section: note
insert into ops.run (run_id, flow, data_date, known_at, state, counts)
values (
    core.key('submission_suite', %(suite)s, %(data_date)s::text), 'submission_suite', %(data_date)s, %(known_at)s, 'done',
    %(counts)s
)
on conflict (run_id) do update set known_at = excluded.known_at, counts = excluded.counts;

-- section: told
select
    data_date,
    counts
from ops.run
where flow = 'submission_suite'
order by data_date desc, counts ->> 'suite';
