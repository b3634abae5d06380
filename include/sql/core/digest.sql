-- One digest over records, lists, cases and referrals, with the versions of all declarations (architecture, decision 6).
-- Grain: one row. Free of arrival: it sorts by keys and leaves known_at out. A bucket of keys is hashed at a time, so
-- memory stays small over millions of rows. Safe to re-run: reads only.
with line as (
    select
        'record' as family,
        subject_key || record_key as line_key,
        content_hash as content
    from core.record
    union all
    select
        'entry',
        subject_key || entry_key,
        content_hash
    from core.list_entry
    union all
    select
        'case',
        case_key,
        to_jsonb(c)::text
    from core.conduct_case as c
    union all
    select
        'appearance',
        core.key(list_code, case_id),
        to_jsonb(p)::text
    from core.pushed_case as p
    union all
    select
        'referral',
        referral_key,
        to_jsonb(r)::text
    from core.referral as r
    union all
    select
        'declaration',
        core.key(name),
        sha256
    from ref.declaration
),

bucket as (
    select
        family,
        left(line_key, 3) as prefix,
        sha256(string_agg(sha256(convert_to(line_key || content, 'UTF8')), ''::bytea order by line_key)) as digest
    from line
    group by family, left(line_key, 3)
)

select
    encode(
        sha256(
            coalesce(
                string_agg(
                    convert_to(family || prefix, 'UTF8') || digest, ''::bytea order by family collate "C", prefix collate "C"
                ),
                ''
            )
        ),
        'hex'
    )
from bucket;
