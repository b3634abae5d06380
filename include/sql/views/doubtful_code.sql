-- Claims whose party's code another claim of the same decision contradicts and outweighs, among those that core/rival found.
-- A code that the register knows under the party's name outweighs one that it doesn't know, and that one a code that it knows under
-- other names; then the last word that either has counts, and of equal ones none, until the submitter or the register tells. Two
-- enterprises that the register knows by one name may well stand in one decision. No register tells whether the decision is about a
-- trader or the person of that name: the last word does. A person's own record is internal anyway.
-- Grain and key: (subject_key, claim_key). Safe to re-run: only a definition. Few: a list of its own, gone through once.
create or replace view core.doubtful_code as
with told as materialized (
    select
        r.subject_key,
        r.claim_key,
        r.party_key,
        c.party_scheme,
        bool_or(c.party_scheme = 'person') over (partition by r.party_key) as may_be_person,
        c.data_date,
        c.revision,
        c.sequence,
        case
            when bool_or(i.value = core.comparable(c.party_name)) then 2
            when count(i.value) = 0 then 1
            else 0
        end as weight
    from core_next.rival as r
    inner join core.claim as c on r.subject_key = c.subject_key and r.claim_key = c.claim_key
    left join core.subject_identifier as i on r.subject_key = i.subject_key and i.scheme = 'name'
    where r.is_contradicted
    group by r.subject_key, r.claim_key, r.party_key, c.party_scheme, c.data_date, c.revision, c.sequence
),

placed as (
    select
        told.*,
        rank() over (
            partition by party_key
            order by
                case when not may_be_person then weight end desc, data_date desc, revision desc, sequence desc,
                (party_scheme in ('uscc', 'person')) desc
        ) as place
    from told
),

weighed as (
    select
        placed.*,
        min(place) over (partition by party_key, subject_key) as best_place,
        min(subject_key) filter (where place = 1) over one_party as first_key,
        max(subject_key) filter (where place = 1) over one_party as last_key
    from placed
    window one_party as (partition by party_key)
)

select
    subject_key,
    claim_key
from weighed
where
    party_scheme <> 'person'
    and (best_place > 1 or (first_key <> last_key and (weight < 2 or may_be_person)));
