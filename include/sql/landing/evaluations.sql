-- Rows of the feed evaluations as evidence.
-- Grain: one grade of one subject in one published cycle. Key: file_id (the pull) and row_no, from the row's content.
-- Safe to re-run: a row that stands is changed only where a newer declaration reads it otherwise, or a further column came.

-- section: keep
insert into evidence.evaluation as held (
    file_id, row_no, data_date, cycle_code, scale_code, grade_code, subject_name, subject_code, region_code,
    published_on, original, extra, known_at
)
values (
    %(file_id)s, %(row_no)s, %(data_date)s, %(cycle_code)s, %(scale_code)s, %(grade_code)s, %(subject_name)s,
    %(subject_code)s, %(region_code)s, %(published_on)s, %(original)s, %(extra)s, %(known_at)s
)
on conflict (file_id, row_no) do update
    set
        cycle_code = excluded.cycle_code,
        scale_code = excluded.scale_code,
        grade_code = excluded.grade_code,
        subject_name = excluded.subject_name,
        subject_code = excluded.subject_code,
        region_code = excluded.region_code,
        published_on = excluded.published_on,
        extra = held.extra || excluded.extra,
        known_at = excluded.known_at
    where
    (
        held.cycle_code, held.scale_code, held.grade_code, held.subject_name, held.subject_code, held.region_code,
        held.published_on, held.extra
    ) is distinct from (
        excluded.cycle_code, excluded.scale_code, excluded.grade_code, excluded.subject_name, excluded.subject_code,
        excluded.region_code, excluded.published_on, held.extra || excluded.extra
    );

-- section: held
select
    (
        select count(*) from evidence.evaluation
        where file_id = %(pull_id)s
    )
    + (
        select count(*) from quarantine.row
        where file_id = %(pull_id)s and replayed_at is null
    ) as row_count,
    (
        select count(distinct core.key(scale_code, cycle_code, subject_code, subject_name))
        from evidence.evaluation
        where file_id = %(pull_id)s
    )
    + (
        select count(*) from quarantine.row
        where file_id = %(pull_id)s and replayed_at is null
    ) as identity_count;
