-- What the fold of cases writes. Grain and keys: as the tables say. Safe to re-run: a row that is equal is not written
-- again, and what no evidence gives any more is removed.

-- section: keep_appearance
insert into core.pushed_case as held (
    list_code, case_id, case_key, link_basis, title, region_text, region_codes, published_on, source_name, handling_opinion,
    tags, data_date, first_pushed_on, file_id, row_no
)
values (
    %(list_code)s, %(case_id)s, %(case_key)s, %(link_basis)s, %(title)s, %(region_text)s, %(region_codes)s, %(published_on)s,
    %(source_name)s, %(handling_opinion)s, %(tags)s, %(data_date)s, %(first_pushed_on)s, %(file_id)s, %(row_no)s
)
on conflict (list_code, case_id) do update
    set
        case_key = excluded.case_key,
        link_basis = excluded.link_basis,
        title = excluded.title,
        region_text = excluded.region_text,
        region_codes = excluded.region_codes, published_on = excluded.published_on, source_name = excluded.source_name,
        handling_opinion = excluded.handling_opinion, tags = excluded.tags, data_date = excluded.data_date,
        first_pushed_on = excluded.first_pushed_on, file_id = excluded.file_id, row_no = excluded.row_no
    where held is distinct from excluded;

-- section: drop_appearances
delete from core.pushed_case as held
where not exists (
    select from unnest(%(list_codes)s::text[], %(case_ids)s::text[]) as k (list_code, case_id)
    where k.list_code = held.list_code and k.case_id = held.case_id
);

-- section: keep_case
insert into core.conduct_case as held (
    case_key, title, published_on, first_pushed_on, appearance_count, is_followed_up, region_codes
)
values (
    %(case_key)s, %(title)s, %(published_on)s, %(first_pushed_on)s, %(appearance_count)s, %(is_followed_up)s, %(region_codes)s
)
on conflict (case_key) do update
    set
        title = excluded.title, published_on = excluded.published_on, first_pushed_on = excluded.first_pushed_on,
        appearance_count = excluded.appearance_count,
        is_followed_up = excluded.is_followed_up,
        region_codes = excluded.region_codes
    where held is distinct from excluded;

-- section: drop_cases
delete from core.conduct_case
where not case_key = any(%(case_keys)s::text[]);

-- section: keep_unit
insert into core.case_unit as held (case_key, unit_code, reason, referred_on)
values (%(case_key)s, %(unit_code)s, %(reason)s, %(referred_on)s)
on conflict (case_key, unit_code) do update
    set reason = excluded.reason, referred_on = excluded.referred_on
    where held is distinct from excluded;

-- section: drop_units
delete from core.case_unit as held
where not exists (
    select from unnest(%(case_keys)s::text[], %(unit_codes)s::text[]) as k (case_key, unit_code)
    where k.case_key = held.case_key and k.unit_code = held.unit_code
);

-- section: keep_proposal
insert into core.case_link_proposal as held (left_key, right_key, features)
values (%(left_key)s, %(right_key)s, %(features)s)
on conflict (left_key, right_key) do update
    set features = excluded.features
    where held is distinct from excluded;

-- section: drop_proposals
delete from core.case_link_proposal as held
where not exists (
    select from unnest(%(left_keys)s::text[], %(right_keys)s::text[]) as k (left_key, right_key)
    where k.left_key = held.left_key and k.right_key = held.right_key
);

-- section: keep_issue
insert into ops.issue as held (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
values (
    %(issue_id)s, %(file_id)s, %(row_no)s, %(field)s, %(issue_code)s, %(severity)s, %(responsibility)s, %(value)s, %(message)s,
    %(suggestion)s, 'fold', %(known_at)s
)
on conflict (issue_id) do update
    set
        severity = excluded.severity, responsibility = excluded.responsibility, message = excluded.message,
        suggestion = excluded.suggestion, known_at = excluded.known_at
    where (held.severity, held.responsibility, held.message, held.suggestion)
    is distinct from (excluded.severity, excluded.responsibility, excluded.message, excluded.suggestion);

-- section: drop_issues
-- Issues of this fold are known by their codes; the others about a notice belong to the fold of records.
delete from ops.issue as held
where
    held.origin = 'fold' and held.issue_code = any(%(issue_codes)s::text[])
    and not held.issue_id = any(%(issue_ids)s::text[]);
