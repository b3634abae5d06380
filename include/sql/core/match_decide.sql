-- What people decide about proposals. Grain: one decision. Key: decision_key, from pair, person and time.
-- Safe to re-run: the same decision is kept once. Nothing is deleted: an earlier decision is marked, so the history can be replayed.

-- section: withdraw
update core.match_decision
set deleted_at = %(decided_at)s
where
    candidate_key = %(candidate_key)s and subject_key = %(subject_key)s
    and judgement <> 'proposed' and deleted_at is null;

-- section: decide
insert into core.match_decision (
    decision_key, candidate_key, subject_key, score, features, judgement, decided_by, decided_at, known_at
)
select
    core.key('decision', p.candidate_key, p.subject_key, %(decided_by)s, %(decided_at)s::timestamptz::text) as decision_key,
    p.candidate_key,
    p.subject_key,
    p.score,
    p.features,
    %(judgement)s,
    %(decided_by)s,
    %(decided_at)s,
    %(decided_at)s -- noqa: AL08
from core.match_decision as p
where p.candidate_key = %(candidate_key)s and p.subject_key = %(subject_key)s and p.judgement = 'proposed'
on conflict (decision_key) do nothing;

-- section: queue
-- Grain: one proposal that nobody has decided, the likeliest of a name first.
select
    p.candidate_key,
    p.subject_key,
    p.score,
    p.features
from core.match_decision as p
where
    p.judgement = 'proposed' and p.deleted_at is null
    and not exists (
        select from core.match_decision as d
        where
            d.candidate_key = p.candidate_key and d.deleted_at is null
            and (d.judgement = 'same' or (d.judgement = 'different' and d.subject_key = p.subject_key))
    )
order by p.candidate_key asc, p.score desc, p.subject_key asc;
