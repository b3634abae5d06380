-- Institutions that may help to verify: the notice's own list, and what the register says since (C1).
-- Grain: one name of one institution and the days on which it holds. Safe to re-run: only a definition.
create or replace view core.verification_institution as
select
    core.comparable(label) as name,
    '-infinity'::date as registered_on,
    'infinity'::date as valid_until_on
from ref.code
where list_code = 'service_institution'
union all
select
    core.comparable(n.name) as name,
    e.registered_on,
    coalesce(e.valid_until_on, 'infinity') as valid_until_on
from evidence.service_institution as e
inner join core.standing_file as f on e.file_id = f.file_id
cross join lateral (values (e.institution_name), (e.short_name)) as n (name)
where e.status_code = 'registered' and n.name is not null;
