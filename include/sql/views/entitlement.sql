-- Who may submit what for which territory, and within which data dates, from the code list of that name (B1).
-- Grain and key: one period of one kind of one holder (holder_code, kind, region_code, effective_from). Safe to re-run: only a definition.
create or replace view core.entitlement as
select
    attributes ->> 'holder_code' as holder_code,
    attributes ->> 'kind' as kind,
    attributes ->> 'region_code' as region_code,
    coalesce((attributes ->> 'effective_from')::date, '-infinity') as effective_from,
    coalesce((attributes ->> 'effective_until')::date, 'infinity') as effective_until
from ref.code
where list_code = 'entitlement';
