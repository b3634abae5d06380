-- What people decide about two appearances. Grain: one decision. Key: decision_key, from pair, person and time.
-- Safe to re-run: the same decision is kept once; an earlier one about the pair is marked, never removed.

-- section: withdraw
update core.case_link_decision
set deleted_at = %(decided_at)s
where left_key = %(left_key)s and right_key = %(right_key)s and deleted_at is null;

-- section: decide
insert into core.case_link_decision (decision_key, left_key, right_key, judgement, decided_by, decided_at)
values (
    core.key('link', %(left_key)s, %(right_key)s, %(decided_by)s, %(decided_at)s::timestamptz::text),
    %(left_key)s, %(right_key)s, %(judgement)s, %(decided_by)s, %(decided_at)s
)
on conflict (decision_key) do nothing;

-- section: standing
select
    left_key,
    right_key,
    judgement
from core.case_link_decision
where deleted_at is null
order by left_key, right_key;

-- section: queue
-- Proposals about which nobody has decided: the fold keeps no other.
select
    left_key,
    right_key,
    features
from core.case_link_proposal
order by left_key, right_key;
