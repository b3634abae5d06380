-- Claims whose party's code another claim of the same decision contradicts and outweighs, among those that core/rival found.
-- The code that the register knows under the party's name outweighs one that it doesn't; then the later word counts, and of equal
-- ones none, until the submitter or the register tells. Grain and key: (subject_key, claim_key). Safe to re-run: only a definition.
create or replace view core.doubtful_code as
with told as materialized (
    select
        r.subject_key,
        r.claim_key,
        c.document_key,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name,
        i.value is not null as is_registered,
        c.data_date,
        c.revision,
        c.sequence
    from core_next.rival as r
    inner join core.claim as c on r.subject_key = c.subject_key and r.claim_key = c.claim_key
    left join core.subject_identifier as i
        on r.subject_key = i.subject_key and i.scheme = 'name' and i.value = core.comparable(c.party_name)
)

select distinct
    m.subject_key,
    m.claim_key
from told as m
inner join told as o
    on m.document_key = o.document_key and m.authority_name = o.authority_name and m.party_name = o.party_name
where
    m.subject_key <> o.subject_key
    and (o.is_registered, o.data_date, o.revision, o.sequence) >= (m.is_registered, m.data_date, m.revision, m.sequence);
