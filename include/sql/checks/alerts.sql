-- What is wrong as of a data date, for the watch: one row per alert that should stand. Grain: one cause.
-- Safe to re-run: reads only. The date is that of the cause, where it has one: a cause that stays is told once, not every day.
-- is_told: people know of it by another alert. A run that failed is absent as well, and its task may have told of it at once.
with quiet as (
    select
        w.feed,
        w.days
    from unnest(%(feeds)s::text[], %(quiet_days)s::integer[]) as w (feed, days)
),

newest as (
    select
        feed,
        max(data_date) as data_date
    from landing.pull
    where row_count > 0 and data_date <= %(data_date)s
    group by feed
    union all
    select
        'submissions',
        max(data_date)
    from landing.file
    where state = 'accepted' and data_date <= %(data_date)s
),

last_run as (
    select distinct on (flow)
        flow,
        state,
        data_date,
        known_at,
        reason
    from ops.run
    where state <> 'running'
    order by flow asc, known_at desc, run_id asc
),

daily as (
    select
        d.flow,
        d.made_good_by
    from unnest(%(daily)s::text[], %(made_good_by)s::text[]) as d (flow, made_good_by)
),

-- a pull that the other side ended half-way is told as such alone
half as (
    select
        'pull_' || feed as flow,
        data_date
    from landing.pull
    where state = 'incomplete'
),

-- a run that is absent stays so on the days after
expected as (
    select
        flow,
        made_good_by,
        %(data_date)s::date as data_date
    from daily
    union
    select
        d.flow,
        d.made_good_by,
        a.data_date
    from ops.alert as a
    inner join daily as d on a.about = d.flow
    where a.alert_code = 'run_absent' and a.settled_at is null
    union
    -- a night that was never begun, since nothing ran; a month after the last good one it is no gap but a new beginning
    select
        d.flow,
        d.made_good_by,
        n.day::date
    from daily as d
    cross join generate_series(%(data_date)s::date - 31, %(data_date)s::date - 1, interval '1 day') as n (day)
    where
        d.made_good_by = 'own'
        and exists (
            select from ops.run as r
            where r.flow = d.flow and r.state = 'done' and r.data_date < n.day and r.data_date >= n.day - interval '31 days'
        )
        -- one that was settled by hand stays settled
        and (d.flow, n.day::date) not in (select a.about, a.data_date from ops.alert as a where a.alert_code = 'run_absent')
),

found as (
    select
        'data_absent' as alert_code,
        q.feed as about,
        coalesce(n.data_date, %(data_date)s::date) as data_date,
        'nothing since ' || coalesce(n.data_date::text, 'the beginning') as detail
    from quiet as q
    left join newest as n on q.feed = n.feed
    where n.data_date is null or n.data_date < %(data_date)s::date - q.days
    union all
    -- under the date on which it was first seen, for as long as it stands
    select
        'inbox_unread',
        'submissions.' || u.place,
        coalesce(a.data_date, %(data_date)s::date),
        u.reason
    from unnest(%(places)s::text[], %(reasons)s::text[]) as u (place, reason)
    left join ops.alert as a on a.alert_code = 'inbox_unread' and a.about = 'submissions.' || u.place and a.settled_at is null
    union all
    select
        'contract_broken',
        'submissions.' || b.kind,
        coalesce(a.data_date, %(data_date)s::date),
        'files of this kind are refused'
    from unnest(%(broken)s::text[]) as b (kind)
    left join ops.alert as a on a.alert_code = 'contract_broken' and a.about = 'submissions.' || b.kind and a.settled_at is null
    union all
    select
        'run_absent',
        e.flow,
        e.data_date,
        'no good run for this data date'
    from expected as e
    where
        not exists (
            select from ops.run as r
            where
                r.flow = e.flow and r.state = 'done'
                -- one that was begun before the date was over, under a mistyped date for one, cannot have seen all of it
                and r.known_at >= ((e.data_date + 1)::timestamp at time zone 'Asia/Shanghai')
                and (r.data_date = e.data_date or (e.made_good_by = 'later' and r.data_date > e.data_date))
        )
        and (e.flow, e.data_date) not in (select flow, data_date from half)
    union all
    select
        'pull_incomplete',
        feed,
        data_date,
        coalesce(reason, state)
    from landing.pull
    where state <> 'complete' and data_date <= %(data_date)s
    union all
    -- what the platform sent last and nobody can use: a column renamed, a code that is not declared
    select
        'rows_unusable',
        p.feed,
        p.data_date,
        count(*)::text || ' of ' || p.row_count::text || ' rows: ' || string_agg(distinct array_to_string(q.issue_codes, ' '), ', ')
    from (
        select distinct on (feed)
            feed,
            pull_id,
            data_date,
            row_count
        from landing.pull
        where row_count > 0 and data_date <= %(data_date)s
        order by feed asc, data_date desc
    ) as p
    inner join quarantine.row as q on p.pull_id = q.file_id and q.replayed_at is null
    group by p.feed, p.data_date, p.row_count
    union all
    select
        'step_failed',
        flow,
        data_date,
        coalesce(reason, 'no reason kept')
    from last_run
    where state = 'failed' and (flow, data_date) not in (select flow, data_date from half)
    union all
    select
        'platform_rejected',
        'platform',
        min(valid_on),
        count(*)::text || ' messages rejected'
    from share.outbox
    where state = 'rejected'
    having count(*) > 0
    union all
    select
        'platform_backlog',
        'platform',
        min(valid_on),
        count(*)::text || ' messages of earlier dates wait'
    from share.outbox
    where state = 'pending' and valid_on < %(data_date)s
    having count(*) > 0
    union all
    select
        'objection_overdue',
        'records',
        min(due_on),
        count(*)::text || ' objections have no ruling, due since ' || min(due_on)::text
    from core.objection
    where state in ('open', 'unmatched') and ruled_on is null and due_on < %(data_date)s
    having count(*) > 0
    union all
    select
        'referral_overdue',
        'referrals',
        min(due_on),
        count(*)::text || ' referrals to ' || count(distinct unit_code)::text || ' units have no conclusion, due since ' || min(due_on)::text
    from core.referral
    where state <> 'concluded' and due_on < %(data_date)s
    having count(*) > 0
    union all
    select
        'rectification_overdue',
        'supervision',
        min((c.body ->> 'due_on')::date),
        count(*)::text || ' supervision actions have no outcome, due since ' || min((c.body ->> 'due_on')::date)::text
    from core.claim as c
    inner join core.standing_claim as s on c.subject_key = s.subject_key and c.fact_key = s.fact_key and c.claim_key = s.claim_key
    where c.act = 'supervision' and c.body ->> 'outcome_code' = 'open' and (c.body ->> 'due_on')::date < %(data_date)s
    having count(*) > 0
    union all
    select
        'marts_stale',
        'marts',
        valid_on,
        coalesce(stale_reason, 'no reason kept')
    from marts.current_version
    where is_stale
),

told as (
    select
        'run_absent' as alert_code,
        flow as about,
        data_date
    from last_run
    where state = 'failed'
    union all
    select
        'step_failed',
        r.flow,
        r.data_date
    from last_run as r
    inner join ops.alert as a
        on a.alert_code = 'task_failed' and r.data_date = a.data_date and r.reason = a.detail and a.raised_at >= r.known_at
    where r.state = 'failed'
)

select
    f.alert_code,
    f.about,
    f.data_date,
    f.detail,
    (f.alert_code, f.about, f.data_date) in (select t.alert_code, t.about, t.data_date from told as t) as is_told
from found as f;
