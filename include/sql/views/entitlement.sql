-- Who may submit what for which territory, from the code list of that name (B1).
-- Grain and key: one kind of one holder (holder_code, kind, region_code). Safe to re-run: only a definition.
create or replace view core.entitlement as
select
    attributes ->> 'holder_code' as holder_code,
    attributes ->> 'kind' as kind,
    attributes ->> 'region_code' as region_code
from ref.code
where list_code = 'entitlement';
