-- Rows of the feed pushed_cases as evidence.
-- Grain: one appearance of a case as pushed. Key: file_id (the pull) and row_no, which comes from the row's content.
-- Safe to re-run: a row that stands is changed only where a newer declaration reads it otherwise, or a further column came.

-- section: keep
insert into evidence.pushed_case as held (
    file_id, row_no, data_date, list_code, case_id, region_text, title, published_on, published_text, source_name,
    handling_opinion, tags, body, original, extra, known_at
)
values (
    %(file_id)s, %(row_no)s, %(data_date)s, %(list_code)s, %(case_id)s, %(region_text)s, %(title)s, %(published_on)s,
    %(published_text)s, %(source_name)s, %(handling_opinion)s, %(tags)s, %(body)s, %(original)s, %(extra)s, %(known_at)s
)
on conflict (file_id, row_no) do update
    set
        list_code = excluded.list_code,
        case_id = excluded.case_id,
        region_text = excluded.region_text,
        title = excluded.title,
        published_on = excluded.published_on,
        published_text = excluded.published_text,
        source_name = excluded.source_name,
        handling_opinion = excluded.handling_opinion,
        tags = excluded.tags,
        body = excluded.body,
        extra = held.extra || excluded.extra,
        known_at = excluded.known_at
    where
    (
        held.list_code, held.case_id, held.region_text, held.title, held.published_on, held.published_text,
        held.source_name, held.handling_opinion, held.tags, held.body, held.extra
    ) is distinct from (
        excluded.list_code, excluded.case_id, excluded.region_text, excluded.title, excluded.published_on,
        excluded.published_text, excluded.source_name, excluded.handling_opinion, excluded.tags, excluded.body,
        held.extra || excluded.extra
    );

-- section: held
select
    (
        select count(*) from evidence.pushed_case
        where file_id = %(pull_id)s
    )
    + (
        select count(*) from quarantine.row
        where file_id = %(pull_id)s and replayed_at is null
    ) as row_count,
    (
        select count(distinct core.key(list_code, case_id)) from evidence.pushed_case
        where file_id = %(pull_id)s
    )
    + (
        select count(*) from quarantine.row
        where file_id = %(pull_id)s and replayed_at is null
    ) as identity_count;
