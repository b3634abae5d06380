-- The book-keeping of builds. Grain: one run. Key: run_id, from flow, data date and known_at. Safe to re-run: upserts.

-- section: memory
-- One builder at a time, so it may sort and hash in memory what many readers at once may not.
set local work_mem = '128MB';

-- section: by_key
-- Rows of a subject are looked up by its key wherever few are touched: reading a whole table in their place costs more with each day
-- of a warehouse's life. Where all are, a table is read as a whole: more of it than memory holds, looked up row by row, takes hours.
set local random_page_cost = 1.1;

-- section: last
select
    valid_on,
    counts ->> 'declarations'
from ops.run
where flow = 'build_records' and state = 'done'
order by known_at desc, run_id asc
limit 1;

-- section: now
select
    coalesce((select max(data_date) from ops.open_date), %(data_date)s),
    (
        select encode(sha256(convert_to(coalesce(string_agg(name || sha256, ',' order by name), ''), 'UTF8')), 'hex')
        from ref.declaration
    );

-- section: done
insert into ops.run (run_id, flow, data_date, valid_on, known_at, state, digest, counts)
values (%(run_id)s, 'build_records', %(data_date)s, %(valid_on)s, %(known_at)s, 'done', %(digest)s, %(counts)s)
on conflict (run_id) do update
    set valid_on = excluded.valid_on, state = excluded.state, digest = excluded.digest, counts = excluded.counts, reason = null;

-- section: failed
insert into ops.run (run_id, flow, data_date, known_at, state, reason)
values (%(run_id)s, 'build_records', %(data_date)s, %(known_at)s, 'failed', %(reason)s)
on conflict (run_id) do update set state = excluded.state, reason = excluded.reason;

-- section: subjects
select count(*) from core.touched_subject
where run_id = %(run_id)s;
