-- Subjects and what they are called, from the claims of the touched subjects (D2).
-- Grain: one subject; one identifier of one subject. Keys: subject_key; (subject_key, scheme, value).
-- Safe to re-run: the rows of a touched subject are made anew from its claims, and written where they differ (core/change).

-- section: identify
-- The newest registry row names the subject; without one, the newest claim does.
insert into core_next.subject (
    subject_key, state, category_code, name, uscc, org_code, registration_no, region_code, file_id, row_no
)
-- Of a claim's body one field is wanted, so it is taken out first: to sort whole bodies takes the disk.
with told as (
    select
        c.subject_key,
        c.claim_key,
        c.act,
        c.party_scheme,
        c.party_category_code,
        c.party_name,
        c.party_code,
        c.party_org_code,
        c.party_registration_no,
        c.region_code,
        case when c.act = 'registration' then c.body ->> 'region_code' end as registered_in,
        c.document_on,
        c.data_date,
        c.sequence,
        c.content_hash,
        c.file_id,
        c.row_no
    from core.claim as c
    inner join core.touched_subject as t
        on c.subject_key = t.subject_key and t.run_id = %(run_id)s and (t.is_moved or not %(only_moved)s)
    order by null::text
)

select distinct on (c.subject_key)
    c.subject_key,
    case when bool_or(c.party_scheme <> 'name') over whole then 'identified' else 'proposed' end,
    max(c.party_category_code) over whole,
    c.party_name,
    max(c.party_code) over whole,
    max(coalesce(substr(c.party_code, 9, 9), c.party_org_code)) over whole,
    max(c.party_registration_no) over whole,
    coalesce(
        max(c.registered_in) over whole, max(substr(c.party_code, 3, 6)) over whole, max(c.region_code) over whole
    ),
    c.file_id,
    c.row_no
from told as c
window whole as (partition by c.subject_key)
order by
    c.subject_key asc, (c.act = 'registration') desc, c.data_date desc, c.document_on desc nulls last,
    c.sequence desc, c.content_hash desc, c.claim_key desc;

-- section: name
-- Only claims under a credit code give identifiers; only the registry gives names.
insert into core_next.subject_identifier (subject_key, scheme, value, seen_from, seen_until, file_id, row_no)
with named as (
    select
        c.*,
        max(c.data_date) filter (where c.act = 'registration') over (partition by c.subject_key) as last_registered_on
    from core.claim as c
    inner join core.touched_subject as t
        on c.subject_key = t.subject_key and t.run_id = %(run_id)s and (t.is_moved or not %(only_moved)s)
    where c.party_scheme = 'uscc'
),

given as (
    select
        n.subject_key,
        i.scheme,
        i.value,
        n.data_date,
        n.data_date = n.last_registered_on as is_current,
        n.sequence,
        n.file_id,
        n.row_no
    from named as n
    cross join
        lateral (
            values
            ('uscc', n.party_code, true),
            ('org_code', substr(n.party_code, 9, 9), true),
            ('org_code', n.party_org_code, n.act = 'registration'),
            ('registration_no', n.party_registration_no, n.act = 'registration'),
            ('name', core.comparable(n.party_name), n.act = 'registration')
        ) as i (scheme, value, is_given)
    where i.is_given and i.value <> ''
    union all
    select
        c.subject_key,
        'name',
        core.comparable(f.name),
        c.data_date,
        false,
        c.sequence,
        c.file_id,
        c.row_no
    from core.claim as c
    inner join core.touched_subject as t
        on c.subject_key = t.subject_key and t.run_id = %(run_id)s and (t.is_moved or not %(only_moved)s)
    cross join lateral jsonb_array_elements_text(c.body -> 'former_names') as f (name)
    where c.party_scheme = 'uscc' and c.act = 'registration' and f.name <> ''
)

select
    g.subject_key,
    g.scheme,
    g.value,
    min(g.data_date),
    case
        when g.scheme <> 'name' or bool_or(g.is_current) then null
        else max(g.data_date)
    end,
    (array_agg(g.file_id order by g.data_date, g.sequence, g.file_id, g.row_no))[1],
    (array_agg(g.row_no order by g.data_date, g.sequence, g.file_id, g.row_no))[1]
from given as g
group by g.subject_key, g.scheme, g.value;

-- section: renamed
-- Whose name, names or standing are other than before: the index of names is looked at for these alone.
with called as (
    select
        subject_key,
        value
    from core_next.subject_identifier
    where scheme = 'name'
    union all
    select
        i.subject_key,
        i.value
    from core.touched_subject as t
    inner join core.subject_identifier as i on t.subject_key = i.subject_key and i.scheme = 'name'
    where t.run_id = %(run_id)s and (t.is_moved or not %(only_moved)s)
),

other as (
    select subject_key
    from called
    group by subject_key, value
    having count(*) = 1
    union
    select t.subject_key
    from core.touched_subject as t
    left join core.subject as s on t.subject_key = s.subject_key
    left join core_next.subject as n on t.subject_key = n.subject_key
    where
        t.run_id = %(run_id)s and (t.is_moved or not %(only_moved)s)
        and (s.name, s.state, s.category_code, s.region_code) is distinct from (n.name, n.state, n.category_code, n.region_code)
)

update core.touched_subject as t set is_renamed = true
from other as o
where t.run_id = %(run_id)s and t.subject_key = o.subject_key;
