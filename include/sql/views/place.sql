-- The reporting unit a place belongs to: itself, or the nearest division above it that is one; else the province.
-- Grain and key: one code of the region list (region_code). Safe to re-run: only a definition. Divisions have three levels.
create or replace view core.place as
with region as (
    select
        r.code,
        r.attributes ->> 'parent' as parent_code,
        u.code is not null as is_unit
    from ref.code as r
    left join ref.code as u on u.list_code = 'reporting_unit' and r.code = u.attributes ->> 'region_code'
    where r.list_code = 'region'
)

select
    r.code as region_code,
    case
        when r.is_unit then r.code
        when p.is_unit then p.code
        else coalesce(g.code, p.code, r.code)
    end as unit_region_code
from region as r
left join region as p on r.parent_code = p.code
left join region as g on p.parent_code = g.code;
