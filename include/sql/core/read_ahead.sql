-- noqa: disable=all
-- The linter cannot read the places where the names of table and column are put in.
-- Reads what a build is about to work on. Grain: none, counts that nobody looks at. Safe to re-run: only reads.

-- section: waiting
-- Before there are claims: a credit code gives the key by itself. {view} is evidence.<kind>_claim.
select core.key('uscc', p.code)
from (
    select distinct upper(e.party_code) as code
    from core.standing_file as f
    inner join {view} as e on f.file_id = e.file_id
    where
        f.kind = %(kind)s and e.party_code is not null
        and not exists (
            select from core.claimed_file as c
            where c.file_id = f.file_id
        )
) as p;

-- section: touched
select subject_key
from core.touched_subject
where run_id = %(run_id)s;

-- section: rows
-- Where an index holds `column`, only that is read, else the row itself.
select count(a.{column})
from unnest(%(keys)s::text[]) as t (subject_key)
inner join {table} as a on t.subject_key = a.subject_key;
