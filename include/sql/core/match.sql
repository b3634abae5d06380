-- Which subjects a party known by name alone may be: proposals for people, never a match (D2, I9).
-- Grain: one name of one subject; one form of one name; one pair. Keys: name_id, from subject and name; (is_candidate, form, name_id); decision_key.
-- Safe to re-run: a name is indexed once, a pair is proposed once; what people decided is not touched.
-- Near names share a form with one character left out, so a look-up finds them and no pair is compared at large.

-- section: forget
-- Names of subjects that are called, or stand, otherwise than before; forms that lead nowhere go with the next rebuild.
delete from core.name_index as n using core.touched_subject as t
where t.run_id = %(run_id)s and t.is_renamed and t.subject_key = n.subject_key;

-- section: in_order
-- Where more than a twentieth of the subjects is renamed, their rows are read in order, not by key (core/run#memory).
select set_config('random_page_cost', '4', true)
from pg_class as c
where
    c.oid = 'core.subject'::regclass
    and c.reltuples < 20 * (
        select count(*) from core.touched_subject
        where run_id = %(run_id)s and is_renamed
    );

-- section: index
insert into core.name_index (
    subject_key, name, name_id, is_candidate, prefecture_code, place_code, prefix, core_name, branch, run_id
)
with subject as (
    select
        s.*,
        exists(
            select from core.subject_identifier as i
            where i.subject_key = s.subject_key and i.scheme = 'name'
        ) as is_named
    from core.touched_subject as t
    inner join core.subject as s on t.subject_key = s.subject_key
    where t.run_id = %(run_id)s and t.is_renamed and s.category_code is distinct from 'natural_person'
),

named as (
    select
        s.subject_key,
        i.value as name,
        false as is_candidate,
        s.region_code
    from subject as s
    inner join core.subject_identifier as i on s.subject_key = i.subject_key and i.scheme = 'name'
    where s.state = 'identified'
    union all
    select
        s.subject_key,
        core.comparable(s.name),
        s.state = 'proposed',
        s.region_code
    from subject as s
    where not s.is_named
),

-- materialized, here and below: each name is put into its forms once
fresh as materialized (
    select
        n.*,
        regexp_replace(
            translate(
                regexp_replace(coalesce(b.name || replace(n.name, m.parts[1], ''), n.name), %(marks)s, '', 'g'),
                %(variants)s, %(standards)s
            ),
            %(legal_form)s, %(legal_form_short)s, 'g'
        ) as plain
    from named as n
    cross join lateral regexp_match(n.name, %(bracketed)s) as m (parts)
    left join unnest(%(place_names)s::text[]) as b (name) on m.parts[2] = b.name
),

short as materialized (
    select
        f.*,
        regexp_replace(regexp_replace(f.plain, %(home)s, ''), %(legal_form_end)s, '') as short,
        coalesce(
            (regexp_match(f.plain, %(branch)s))[1], (regexp_match(f.plain, %(branch_without_form)s))[1], ''
        ) as branch
    from fresh as f
),

place as materialized (
    select
        name,
        code,
        left(name, 2) as beginning
    from unnest(%(place_names)s::text[], %(place_codes)s::text[]) as p (name, code)
),

-- the longest place that the name begins with, and the longest that follows it
placed as materialized (
    select distinct on (s.subject_key, s.name)
        s.*,
        p.code as place_code,
        coalesce(length(p.name), 0) + coalesce(length(q.name), 0) as prefix_length
    from short as s
    left join place as p
        on left(s.short, 2) = p.beginning and starts_with(s.short, p.name) and length(s.short) > length(p.name) + 1
    left join place as q
        on
            substr(s.short, length(p.name) + 1, 2) = q.beginning and starts_with(substr(s.short, length(p.name) + 1), q.name)
            and length(s.short) > length(p.name) + length(q.name) + 1 and length(q.name) > 2
    order by s.subject_key, s.name, length(p.name) desc nulls last, length(q.name) desc nulls last
)

select
    p.subject_key,
    p.name,
    hashtextextended(p.subject_key || p.name, 0) as name_id,
    p.is_candidate,
    -- what a province administers without a prefecture is one by itself (GB/T 2260: 90 in the prefecture's place)
    case when substr(p.region_code, 3, 2) = '90' then p.region_code else left(p.region_code, 4) || '00' end as prefecture_code,
    p.place_code,
    left(p.short, p.prefix_length) as prefix,
    substr(p.short, p.prefix_length + 1) as core_name,
    p.branch,
    %(run_id)s
from placed as p
on conflict (name_id) do nothing;

-- section: form
-- In the order of the key: a sorted insert is several times faster than one at random.
insert into core.name_form (form, name_id, is_candidate)
select
    f.form,
    n.name_id,
    n.is_candidate
from core.name_index as n
inner join generate_series(-1, 60) as g (number) on length(n.core_name) + length(n.prefix) >= g.number
cross join lateral (select core.form_of(n.prefix, n.core_name, g.number) as form) as f
where n.run_id = %(run_id)s and f.form is not null
order by n.is_candidate, f.form, n.name_id
on conflict (is_candidate, form, name_id) do nothing;

-- section: propose
insert into core.match_decision (decision_key, candidate_key, subject_key, score, features, judgement, known_at)
with pair as materialized (
    select
        f.name_id as candidate_id,
        o.name_id
    from core.name_index as f
    inner join generate_series(-1, 60) as g (number) on length(f.core_name) + length(f.prefix) >= g.number
    inner join core.name_form as o on o.form = core.form_of(f.prefix, f.core_name, g.number) and not o.is_candidate
    where f.run_id = %(run_id)s and f.is_candidate
    union
    select
        o.name_id as candidate_id,
        f.name_id
    from core.name_index as f
    inner join generate_series(-1, 60) as g (number) on length(f.core_name) + length(f.prefix) >= g.number
    inner join core.name_form as o on o.form = core.form_of(f.prefix, f.core_name, g.number) and o.is_candidate
    where f.run_id = %(run_id)s and not f.is_candidate
),

-- offset 0 keeps each side a look-up by its id, whatever the statistics of a table just filled say
compared as (
    select
        c.subject_key as candidate_key,
        s.subject_key,
        c.name as candidate_name,
        s.name,
        c.prefecture_code,
        greatest(length(c.core_name), length(s.core_name)) as size,
        case when c.name = s.name then 'exact' when c.core_name = s.core_name then 'same_core' else 'near' end as basis
    from pair as p
    cross join lateral (
        select * from core.name_index
        where name_id = p.candidate_id and is_candidate
        order by name_id asc
        offset 0
    ) as c
    cross join lateral (
        select * from core.name_index
        where name_id = p.name_id and not is_candidate
        order by name_id asc
        offset 0
    ) as s
    where
        (c.prefecture_code = s.prefecture_code or %(home_code)s in (c.prefecture_code, s.prefecture_code))
        and (c.place_code = s.place_code or c.place_code is null or s.place_code is null)
        and c.branch = s.branch
        and (
            c.core_name = s.core_name
            or translate(c.core_name, %(numerals)s, '') <> translate(s.core_name, %(numerals)s, '')
        )
),

scored as (
    select
        c.*,
        (p.body ->> 'score')::numeric - case when c.basis = 'near' then 0.5 / c.size else 0 end as score
    from compared as c
    inner join ref.policy as p on p.policy_code = 'matching' and c.basis = p.rule_code
),

best as (
    select distinct on (candidate_key, subject_key) *
    from scored
    order by candidate_key asc, subject_key asc, score desc, name asc
),

ranked as (
    select
        b.*,
        row_number() over (partition by b.candidate_key order by b.score desc, b.subject_key asc) as rank_no
    from best as b
)

select
    core.key('match', r.candidate_key, r.subject_key) as decision_key,
    r.candidate_key,
    r.subject_key,
    r.score,
    jsonb_build_object(
        'name', r.basis, 'candidate_name', r.candidate_name, 'subject_name', r.name, 'region_code', r.prefecture_code,
        'is_former_name', i.seen_until is not null
    ) as features,
    'proposed' as judgement,
    %(known_at)s
from ranked as r
left join core.subject_identifier as i on r.subject_key = i.subject_key and i.scheme = 'name' and r.name = i.value
where r.rank_no <= (select (body ->> 'at_most')::integer from ref.policy where policy_code = 'matching' and rule_code = 'queue')
on conflict (decision_key) do nothing;
