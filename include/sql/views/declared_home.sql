-- The province: the territory of the lead authority.
-- Grain: one row. Safe to re-run: only a definition.
create or replace view ref.home as
select min(attributes ->> 'region_code') as province_code
from ref.code
where list_code = 'department' and (attributes ->> 'is_lead')::boolean;
