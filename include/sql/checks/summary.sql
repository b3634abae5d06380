-- What a run leaves, for people to read. Grain: one line of text columns per row; each section is one table of the summary.
-- Safe to re-run: reads only.

-- section: cases
select
  count(*)::text || case when list_code = 'notified' then ' notified' else ' appearances' end as what,
  count(distinct case_key)::text || ' cases' as how_many
from (select case list_code when 'notified' then list_code else 'pushed' end as list_code, case_key from core.pushed_case) as p
group by list_code
order by list_code desc;

-- section: referrals
select
  r.unit_code,
  coalesce(c.label, '') as unit_name,
  coalesce(w.label, r.reason) as concerned_as,
  count(*)::text as referrals,
  min(r.due_on)::text as first_due
from core.referral as r
left join ref.code as c on c.list_code in ('reporting_unit', 'department') and r.unit_code = c.code
left join ref.code as w on w.list_code = 'referral_reason' and r.reason = w.code
group by r.unit_code, c.label, r.reason, w.label
order by r.unit_code, r.reason;

-- section: regions
select i.value, i.suggestion, i.severity
from ops.issue as i
where i.issue_code = 'region_suggestion'
order by i.value, i.file_id, i.row_no;

-- section: pulls
select
  feed,
  count(*)::text as pulls,
  (count(*) filter (where state = 'complete'))::text as complete,
  (count(*) filter (where state <> 'complete'))::text as incomplete,
  sum(row_count)::text as row_count
from landing.pull
group by feed
order by feed;

-- section: submissions
select
  data_date::text,
  unit_code,
  file_name,
  state,
  row_count::text,
  accepted_count::text,
  quarantined_count::text,
  duplicate_count::text,
  skipped_count::text
from landing.file
order by data_date, unit_code, sequence, file_name;

-- section: issues
select severity, issue_code, count(*)::text as issue_count
from ops.issue
group by severity, issue_code
order by severity, issue_code;

-- section: records
select state, disclosure_class, count(*)::text as record_count
from core.record
group by state, disclosure_class
order by state, disclosure_class;

-- section: outbox
select action, state, count(*)::text as message_count
from share.outbox
group by action, state
order by action, state;

-- section: acknowledgements
select status, count(*)::text as receipt_count
from share.acknowledgement
group by status
order by status;

-- section: digest
select valid_on::text, digest
from ops.run
where flow = 'build_records' and digest is not null
order by known_at desc
limit 1;
