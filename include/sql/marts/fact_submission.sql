-- Submitted files with what became of their rows.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with found as (
  select
    i.file_id,
    count(distinct i.row_no) filter (where p.rule_code = 'incomplete') as incomplete_count,
    count(distinct i.row_no) filter (where p.rule_code = 'wrong_code') as wrong_code_count
  from marts_next.file as n
  inner join ops.issue as i on i.file_id = n.file_id
  inner join ref.policy as p on p.policy_code = 'scorecard' and p.body -> 'issue_codes' ? i.issue_code
  where i.origin = 'acceptance'
  group by i.file_id
)

select
  f.file_id,
  f.unit_code,
  f.kind,
  f.data_date,
  f.scope,
  f.state,
  1::bigint as file_count,
  (f.state = 'refused')::integer::bigint as refused_count,
  f.row_count::bigint as row_count,
  f.accepted_count::bigint as accepted_count,
  f.quarantined_count::bigint as quarantined_count,
  f.duplicate_count::bigint as duplicate_count,
  f.skipped_count::bigint as skipped_count,
  coalesce(i.incomplete_count, 0) as incomplete_count,
  coalesce(i.wrong_code_count, 0) as wrong_code_count
from marts_next.file as n
inner join landing.file as f on f.file_id = n.file_id
left join found as i on i.file_id = f.file_id
