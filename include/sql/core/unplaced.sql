-- Acts on a decision under another subject than the decision's own, though document, authority and party are named alike: the act
-- gives no code while several are known, or another code. Whose record it would end is not known, so none of them may be relied on.
-- Grain: one such act, or one claim of a decision that it may mean. Key: (subject_key, claim_key). Safe to re-run: each build finds
-- them anew, and touches whom such an act held before (core/touched).

-- section: clear
truncate core_next.unplaced;

-- section: find
insert into core_next.unplaced (subject_key, claim_key)
-- What leads across subjects is looked up first, as in core/move.
with told as materialized (
    select distinct c.document_key
    from core.touched_subject as t
    inner join core.claim as c on t.subject_key = c.subject_key
    where
        t.run_id = %(run_id)s
        and c.document_key is not null
        and c.act in (
            'determination', 'listing', 'recognition', 'modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling'
        )
),

acting as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.fact_key,
        c.document_key,
        c.authority_key,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name
    from told as d
    inner join core.claim as c on d.document_key = c.document_key
    where
        c.act in ('modification', 'revocation', 'delisting', 'repair', 'objection', 'ruling')
        and c.effective_on <= %(valid_on)s
        and c.party_scheme <> 'person'
),

determined as materialized (
    select
        c.subject_key,
        c.claim_key,
        c.document_key,
        c.authority_key,
        core.comparable(c.authority_name) as authority_name,
        core.comparable(c.party_name) as party_name
    from core.claim as c
    where
        c.document_key in (select a.document_key from acting as a)
        and c.act in ('determination', 'listing', 'recognition')
        and c.party_scheme in ('uscc', 'org_code', 'registration_no')
),

-- an act that is told once more under a decision's own subject has found it
meant as materialized (
    select
        a.subject_key as act_subject_key,
        a.claim_key as act_claim_key,
        d.subject_key,
        d.claim_key,
        bool_or(a.subject_key = d.subject_key) over (partition by a.fact_key, a.party_name) as is_placed
    from acting as a
    inner join determined as d on a.document_key = d.document_key and a.party_name = d.party_name
    where a.authority_key = d.authority_key or a.authority_name = d.authority_name or a.authority_key is null
)

select
    act_subject_key,
    act_claim_key
from meant
where not is_placed
union
select
    subject_key,
    claim_key
from meant
where not is_placed;

-- section: touch
-- As what a move touches: after the touched subjects were named.
insert into core.touched_subject (subject_key, run_id, reason, is_moved)
select distinct
    subject_key,
    %(run_id)s,
    'moved',
    true
from core_next.unplaced
on conflict (subject_key, run_id) do nothing;
