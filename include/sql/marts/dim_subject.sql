-- Subjects under the name in force, and under each former name that the register stated. No natural persons, and no mere name of
-- which nobody has said whose it is: it may be a person's. So may a name whose code no register knows, while the records under it are all
-- in doubt.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
with changed as (
  select s.*, (select min(c.data_date) from core.claim as c where c.subject_key = s.subject_key) as first_seen_on
  from core.unpublished_subject as u
  inner join core.subject as s on s.subject_key = u.subject_key
  where s.state = 'identified' and s.category_code is distinct from 'natural_person'
    and not exists (select from core.claim as c where c.subject_key = s.subject_key and c.party_scheme = 'person')
    and (
      exists (select from core.subject_identifier as i where i.subject_key = s.subject_key and i.scheme = 'name')
      or (select bool_and('code_in_doubt' = any(r.hold_codes)) from core.record as r where r.subject_key = s.subject_key) is not true
    )
)

select
  s.subject_key,
  share.masked(s.name) as subject_name,
  s.uscc as subject_code,
  s.category_code,
  s.region_code,
  s.first_seen_on,
  null::date as last_seen_on,
  true as is_current
from changed as s
union all
select s.subject_key, i.value, s.uscc, s.category_code, s.region_code, i.seen_from, coalesce(i.seen_until, i.seen_from), false
from changed as s
inner join core.subject_identifier as i
  on i.subject_key = s.subject_key and i.scheme = 'name' and i.value <> core.comparable(s.name) and i.value <> s.name
