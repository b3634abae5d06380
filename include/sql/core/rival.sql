-- Claims of one decision about a party of one name under different codes, or once by a code and once as a natural person, in different
-- subjects: which is right is in doubt. And claims of one that its unit told of another enterprise on earlier days alone: the later row may
-- replace the earlier or name one party more. Nobody is held for that, the unit is asked.
-- Grain: one claim of a decision that is told of several subjects. Key: (subject_key, claim_key). Safe to re-run: each build finds
-- them anew, and touches whom such a doubt held before (core/touched); core.doubtful_code says which of the claims must wait.

-- section: clear
truncate core_next.rival;

-- section: find
insert into core_next.rival (subject_key, claim_key, party_key, is_contradicted, is_told_of_another)
-- What leads across subjects is looked up first, as in core/move; where an act alone is new, core/unplaced asks for its decision's. Whom
-- a doubt alone touched is folded too, so what its other decisions were asked about is found as well, and touches nobody more.
with told as materialized (
    select distinct c.document_key
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    where
        t.run_id = %(run_id)s
        and (%(reason)s::text is null or t.reason = %(reason)s)
        and c.document_key is not null
        and c.act in (
            'determination', 'listing', 'recognition', 'modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling'
        )
),

-- most decisions are told of one subject: only of the others the names are looked at
shared as materialized (
    select c.document_key
    from told as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        c.act in ('determination', 'listing', 'recognition')
        and c.party_scheme in ('uscc', 'org_code', 'registration_no', 'person')
    group by c.document_key
    having min(c.subject_key) <> max(c.subject_key)
),

named as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.document_key,
        c.party_scheme,
        c.unit_code,
        c.data_date,
        c.authority_code,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name
    from shared as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        c.act in ('determination', 'listing', 'recognition')
        and c.party_scheme in ('uscc', 'org_code', 'registration_no', 'person')
        -- who may be a person because nothing else was stated contradicts nobody
        and not c.body ? 'category_assumed'
),

ended as (
    select distinct
        c.subject_key,
        c.document_key
    from shared as d
    inner join core.claim as c on d.document_key = c.document_key
    where c.is_entitled and (c.act in ('revocation', 'delisting') or c.body ->> 'status_code' = 'revoked')
),

-- an authority that one row names and another gives the code of is one
decision as (
    select
        n.*,
        e.subject_key is not null as is_ended,
        coalesce(min(n.authority_code) over (partition by n.document_key, n.authority_name), n.authority_name) as authority_key
    from named as n
    left join ended as e on n.subject_key = e.subject_key and n.document_key = e.document_key
),

-- within which days a unit told of the party, be it under another name or another code
party as (
    select
        decision.*,
        core.key(document_key, authority_key, party_name) as party_key,
        least(min(data_date) over by_subject, min(data_date) over by_name) as first_on,
        greatest(max(data_date) over by_subject, max(data_date) over by_name) as last_on
    from decision
    window
        by_subject as (partition by document_key, authority_key, unit_code, subject_key),
        by_name as (partition by document_key, authority_key, unit_code, party_name)
)

-- numbers are alike all over the province: whom another authority decided about has nothing to do with it
select
    subject_key,
    claim_key,
    party_key,
    is_contradicted,
    is_told_of_another
from (
    select
        party.*,
        -- two persons of one name are two persons
        min(subject_key) over one_party <> max(subject_key) over one_party
        and bool_or(party_scheme <> 'person') over one_party as is_contradicted,
        min(subject_key) over one_unit <> max(subject_key) over one_unit as is_one_of_several,
        -- told on one day, a decision has several parties; an enterprise and a person are often punished side by side
        party_scheme <> 'person' and not is_ended
        and coalesce(first_on > min(last_on) filter (where party_scheme <> 'person' and not is_ended) over one_unit, false)
            as is_told_of_another
    from party
    window
        one_party as (partition by party_key),
        one_unit as (partition by document_key, authority_key, unit_code)
) as p
where p.is_contradicted or p.is_one_of_several
on conflict (subject_key, claim_key) do nothing;

-- section: touch
-- After the touched subjects were named: these keep their names.
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    subject_key,
    %(run_id)s,
    'doubted'
from core_next.rival
on conflict (subject_key, run_id) do nothing;
