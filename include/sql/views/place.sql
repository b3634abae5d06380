-- The reporting unit a place belongs to: itself, or the nearest division above it that is one; else the province.
-- Grain and key: one code of the region list (region_code). Safe to re-run: only a definition.
create or replace view core.place as
with recursive upwards as (
    select
        r.code as region_code,
        r.code as above_code,
        0 as steps
    from ref.code as r
    where r.list_code = 'region'
    union all
    select
        u.region_code,
        r.attributes ->> 'parent',
        u.steps + 1
    from upwards as u
    inner join ref.code as r on r.list_code = 'region' and u.above_code = r.code
    where r.attributes ? 'parent'
)

select distinct on (u.region_code)
    u.region_code,
    u.above_code as unit_region_code
from upwards as u
left join ref.code as r on r.list_code = 'reporting_unit' and u.above_code = r.attributes ->> 'region_code'
order by u.region_code asc, r.code is null, u.steps desc;
