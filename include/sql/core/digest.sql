-- One digest over what is derived: records, lists, subjects, objections, repairs, cases, targets, referrals, verifications,
-- with the versions of all declarations (architecture, decision 6). Grain: one row.
-- Rows count by the sum of their hashes (four words of 64 bits): free of order, and a build adds and takes away only what it
-- folds again. core.digest_sum is what builds keep; `whole` computes the same from the rows. Safe to re-run: stated at each.


-- section: take_out
-- Before anything about the touched subjects changes; again for those that only a move, or only a doubt, touched.
insert into core.digest_sum as kept (family, line_count, word_1, word_2, word_3, word_4)
select
    d.family,
    -count(*),
    -sum(core.word(d.content_hash, 1)),
    -sum(core.word(d.content_hash, 2)),
    -sum(core.word(d.content_hash, 3)),
    -sum(core.word(d.content_hash, 4))
from core.touched_subject as t
inner join core.digest_line as d on t.subject_key = d.subject_key
where t.run_id = %(run_id)s and (%(reason)s::text is null or t.reason = %(reason)s)
group by d.family
on conflict (family) do update
    set
        line_count = kept.line_count + excluded.line_count,
        word_1 = kept.word_1 + excluded.word_1, word_2 = kept.word_2 + excluded.word_2,
        word_3 = kept.word_3 + excluded.word_3, word_4 = kept.word_4 + excluded.word_4;

-- section: put_in
-- After the fold.
insert into core.digest_sum as kept (family, line_count, word_1, word_2, word_3, word_4)
select
    d.family,
    count(*),
    sum(core.word(d.content_hash, 1)),
    sum(core.word(d.content_hash, 2)),
    sum(core.word(d.content_hash, 3)),
    sum(core.word(d.content_hash, 4))
from core.touched_subject as t
inner join core.digest_line as d on t.subject_key = d.subject_key
where t.run_id = %(run_id)s
group by d.family
on conflict (family) do update
    set
        line_count = kept.line_count + excluded.line_count,
        word_1 = kept.word_1 + excluded.word_1, word_2 = kept.word_2 + excluded.word_2,
        word_3 = kept.word_3 + excluded.word_3, word_4 = kept.word_4 + excluded.word_4;

-- section: kept
select
    family,
    line_count,
    word_1,
    word_2,
    word_3,
    word_4
from core.digest_sum
where line_count <> 0
order by family;

-- section: whole
select
    family,
    count(*) as line_count,
    sum(core.word(content_hash, 1)) as word_1,
    sum(core.word(content_hash, 2)) as word_2,
    sum(core.word(content_hash, 3)) as word_3,
    sum(core.word(content_hash, 4)) as word_4
from core.digest_line
group by family
order by family;

-- section: beside
-- What is not about one subject alone is small, and hashed whole.
select
    family,
    encode(sha256(convert_to(string_agg(line, E'\n' order by line collate "C"), 'UTF8')), 'hex') as hash
from (
    select
        'case' as family,
        c::text as line
    from core.conduct_case as c
    union all
    select
        'appearance',
        p::text
    from core.pushed_case as p
    union all
    select
        'case_unit',
        u::text
    from core.case_unit as u
    union all
    select
        'case_link',
        l::text
    from core.case_link_proposal as l
    union all
    select
        'target',
        t::text
    from core.target as t
    union all
    select
        'referral',
        r::text
    from core.referral as r
    union all
    select
        'verification',
        v::text
    from core.verification as v
    union all
    select
        'declaration',
        d.name || ' ' || d.sha256
    from ref.declaration as d
) as beside
group by family
order by family;
