-- What a publication looks at: what changed since the last one, or everything where %(is_full)s.
-- Grain and key: one subject, file, issue group, delivery or month, in marts_next. Safe to re-run: emptied by the publication that filled it.
-- What only grows is found by what the marts lack; what also changes has been noted by who changed it.

-- section: all_subjects
-- A full publication looks at every subject, those that core no longer has included.
insert into core.unpublished_subject (subject_key)
select subject_key from core.subject
union
select subject_key from core.record
union
select subject_key from marts.dim_subject
union
select subject_key from marts.fact_record
on conflict (subject_key) do nothing;

-- section: all_told
insert into marts_next.told_subject (subject_key)
select subject_key from share.outbox
union
select subject_key from marts.fact_share;

-- section: subjects
-- Beside the rows that are to stand for them; sources read core's own list, which lies with the subjects.
insert into marts_next.subject (subject_key)
select subject_key from core.unpublished_subject;

-- The last publication left it empty: as often as not the planner still takes it for as long as it once was.
select core.analyse(array['core.unpublished_subject'], false);

-- section: told_subjects
-- Taken out as they are read: what a sender notes meanwhile waits for the next publication.
with taken as (
  delete from share.unpublished_subject
  returning subject_key
)

insert into marts_next.told_subject (subject_key)
select distinct t.subject_key
from taken as t
where not exists (select from marts_next.told_subject as a where a.subject_key = t.subject_key);

-- section: files
insert into marts_next.file (file_id)
select f.file_id
from landing.file as f
where %(is_full)s or not exists (select from marts.fact_submission as s where s.file_id = f.file_id)
union
select file_id from marts.fact_submission
where %(is_full)s;

-- section: issues
-- By how much the number of issues of a group changed. What acceptance found stays as it was found, so only new files have any;
-- what the fold finds is counted anew: it is gone without a trace where a later build no longer finds it.
insert into marts_next.issue (unit_code, kind, data_date, issue_code, severity, responsibility, origin, issue_count)
with by_file as (
  select i.file_id, i.issue_code, i.severity, i.responsibility, i.origin, count(*) as issue_count
  from marts_next.file as n
  inner join ops.issue as i on i.file_id = n.file_id and i.origin <> 'fold'
  group by i.file_id, i.issue_code, i.severity, i.responsibility, i.origin
  union all
  select i.file_id, i.issue_code, i.severity, i.responsibility, i.origin, count(*)
  from ops.issue as i
  where i.origin = 'fold'
  group by i.file_id, i.issue_code, i.severity, i.responsibility, i.origin
)

select unit_code, kind, data_date, issue_code, severity, responsibility, origin, sum(issue_count)
from (
  select
    f.unit_code, coalesce(f.kind, 'unknown') as kind, f.data_date, b.issue_code, b.severity, b.responsibility, b.origin, b.issue_count
  from by_file as b
  inner join landing.file as f on f.file_id = b.file_id
  union all
  select unit_code, kind, data_date, issue_code, severity, responsibility, origin, -issue_count
  from marts.fact_issue
  where %(is_full)s or origin = 'fold'
) as i
group by unit_code, kind, data_date, issue_code, severity, responsibility, origin
having %(is_full)s or sum(issue_count) <> 0;

-- section: deliveries
-- From when on a unit's deliveries of a kind are looked at again: the earliest that is new or whose issues changed.
insert into marts_next.delivery (unit_code, kind, since_on)
select unit_code, kind, min(data_date)
from (
  select unit_code, kind, data_date from marts_next.issue
  union all
  select f.unit_code, coalesce(f.kind, 'unknown'), f.data_date
  from landing.file as f
  inner join marts_next.file as n on n.file_id = f.file_id
) as d
group by unit_code, kind;

-- section: months
-- Beside the months in which a fact changed: those that have no row yet, or none any more, and all of a unit that first reported
-- on another day than it seemed.
insert into marts_next.month (month_on)
with span as (
  select least(f.month_on, l.month_on) as first_on, l.month_on as last_on
  from marts_next.first_month as f
  cross join (select date_trunc('month', %(valid_on)s::date)::date as month_on) as l
),

held as (
  select distinct month_on from marts.agg_unit_month
),

reported as (
  select u.current_code as unit_code, min(f.first_on) as first_on
  from marts.dim_department as u
  cross join lateral (
    select min(s.data_date) as first_on from marts.fact_submission as s
    where s.unit_code = u.department_code
  ) as f
  group by u.current_code
)

select m.month_on::date
from span as s
cross join lateral generate_series(s.first_on::timestamp, s.last_on::timestamp, interval '1 month') as m (month_on)
where %(is_full)s or not exists (select from held as h where h.month_on = m.month_on::date)
union
select h.month_on
from held as h
where
  %(is_full)s
  or h.month_on < (select s.first_on from span as s)
  or h.month_on > (select s.last_on from span as s)
union
select a.month_on
from marts.agg_unit_month as a
inner join reported as r on r.unit_code = a.unit_code and r.first_on is distinct from a.first_reported_on;

-- section: clear
truncate
marts_next.subject, marts_next.told_subject, marts_next.file, marts_next.issue, marts_next.delivery, marts_next.month;
