-- Which subjects this build folds again, and why. Grain: one subject of one run. Key: (subject_key, run_id).
-- Safe to re-run: a subject is touched once by a run, whatever the number of reasons.

-- section: forget
delete from core.touched_subject;

-- section: claimed
insert into core.touched_subject (subject_key, run_id, reason)
-- which files these are is asked once, not of each claim
with fresh as materialized (
    select f.file_id
    from core.standing_file as f
    where
        not exists (
            select from core.claimed_file as d
            where d.file_id = f.file_id
        )
)

select distinct
    c.subject_key,
    %(run_id)s,
    'claimed'
from fresh as f
inner join core.claim as c on f.file_id = c.file_id
on conflict (subject_key, run_id) do nothing;

-- section: due
-- What ended between the last business date and this one, and what takes effect in between.
insert into core.touched_subject (subject_key, run_id, reason)
select
    subject_key,
    %(run_id)s,
    'due'
from (
    select subject_key from core.record
    where state in ('active', 'corrected') and display_until < %(valid_on)s
    union
    select subject_key from core.claim
    where effective_on > %(last_valid_on)s and effective_on <= %(valid_on)s
    union
    select subject_key from core.claim
    where act = 'shielding'
    union
    select subject_key from core.record -- whoever outweighed it may be gone
    where 'code_in_doubt' = any(hold_codes)
    union
    select subject_key from ops.issue -- whom it may have meant may be gone
    where issue_code = 'act_unplaced'
) as due
on conflict (subject_key, run_id) do nothing;

-- section: recognised
-- A verification or a link between cases can give or take a recognition its force; recognitions are few.
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    subject_key,
    %(run_id)s,
    'recognition'
from core.claim
where act = 'recognition'
on conflict (subject_key, run_id) do nothing;

-- section: rekeyed
-- A change of key that no build has followed yet: what was told by the identifiers of either is told anew.
insert into core.touched_subject (subject_key, run_id, reason)
select distinct
    k.subject_key,
    %(run_id)s,
    'rekeyed'
from core.rekey as r
inner join core.claim as c on r.old_subject_key = c.subject_key
cross join lateral (values (r.old_subject_key), (r.new_subject_key)) as k (subject_key)
on conflict (subject_key, run_id) do nothing;

-- section: moved
insert into core.touched_subject (subject_key, run_id, reason, is_moved)
with numbered as materialized (
    select
        t.subject_key,
        i.value
    from core.touched_subject as t
    inner join core.subject_identifier as i on t.subject_key = i.subject_key and i.scheme = 'registration_no'
    where t.run_id = %(run_id)s
),

-- who bears a registration number of a touched subject: neither can be told by it any more
sharing as materialized (
    select o.subject_key
    from numbered as n
    inner join core.subject_identifier as o on n.value = o.value and o.scheme = 'registration_no'
    where o.subject_key <> n.subject_key
),

moving as materialized (
    select
        m.subject_key,
        m.target_key
    from core.claim_move as m
    where m.run_id = %(run_id)s
)

select distinct
    k.subject_key,
    %(run_id)s,
    'moved',
    true
from (
    select subject_key from sharing
    union all
    select subject_key from moving
    union all
    select target_key from moving
) as k
on conflict (subject_key, run_id) do update set is_moved = true;

-- section: count
select core.analyse(array['core.touched_subject'], false);

-- section: count_grown
select core.analyse(%(tables)s::text[], true);

-- section: unpublished
-- The marts compare these subjects and no others at their next publication.
insert into core.unpublished_subject (subject_key)
select distinct subject_key
from core.touched_subject
where run_id = %(run_id)s
on conflict (subject_key) do nothing;
