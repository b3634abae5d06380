-- Which claim of a fact stands: the later state, stated revision, data date, place in the inbox (architecture, decision 4); between
-- equals the later document date.
-- What a unit may not submit stands only where no entitled unit states the fact (B1).
-- Grain: one fact of one subject. Key: (subject_key, fact_key). Claims that are equal in all of these and differ in content
-- contradict each other and do not count: the record stays as the others have it.
-- Safe to re-run: the rows of a touched subject are made anew, and written where they differ (core/change).

-- section: fold
insert into core_next.standing_claim (subject_key, fact_key, claim_key)
with placed as (
    select
        c.subject_key,
        c.fact_key,
        c.claim_key,
        c.is_entitled,
        c.content_hash,
        c.data_date,
        c.sequence,
        rank() over (
            partition by c.subject_key, c.fact_key
            order by
                c.is_entitled desc, core.state_date(c.act, c.document_on) desc nulls last, c.revision desc, c.data_date desc,
                c.sequence desc, c.document_on desc nulls last
        ) as place
    from core.claim as c
    inner join core.touched_subject as t on c.subject_key = t.subject_key and t.run_id = %(run_id)s
),

agreed as (
    select
        subject_key,
        fact_key,
        place,
        min(content_hash) as content_hash
    from placed
    group by subject_key, fact_key, place
    having min(content_hash) = max(content_hash)
),

winner as (
    select distinct on (subject_key, fact_key)
        subject_key,
        fact_key,
        content_hash
    from agreed
    order by subject_key, fact_key, place
)

-- The first claim with the content that stands: repeating a submission changes nothing, not even the provenance.
select distinct on (p.subject_key, p.fact_key)
    p.subject_key,
    p.fact_key,
    p.claim_key
from winner as w
inner join placed as p
    on w.subject_key = p.subject_key and w.fact_key = p.fact_key and w.content_hash = p.content_hash
order by p.subject_key asc, p.fact_key asc, p.is_entitled desc, p.data_date asc, p.sequence asc, p.claim_key asc;
