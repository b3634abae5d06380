-- One pull: its row, its pages, what it holds and what was found about it.
-- Grain: landing.pull one feed and data date; landing.page one page by content within its pull.
-- Key: pull_id, and sha256 of a page.
-- Safe to re-run: whatever is already there stays as it is; a page, a row and an issue are known by their content.

-- section: lock
select pg_advisory_lock(hashtextextended(%(pull_id)s, 0));

-- section: open
insert into landing.pull (pull_id, feed, data_date, state, known_at)
values (%(pull_id)s, %(feed)s, %(data_date)s, 'running', %(known_at)s)
on conflict (pull_id) do nothing;

-- section: read
select
    state,
    cursor,
    page_count,
    row_count,
    expected_count,
    reason
from landing.pull
where pull_id = %(pull_id)s;

-- section: keep_page
insert into landing.page (pull_id, page_no, sha256, body, known_at)
select
    %(pull_id)s,
    coalesce(max(page_no), 0) + 1 as page_no,
    %(sha256)s,
    %(body)s,
    %(known_at)s
from landing.page
where pull_id = %(pull_id)s
having count(*) filter (where sha256 = %(sha256)s) = 0;

-- section: advance
update landing.pull
set
    state = 'running',
    cursor = %(cursor)s,
    expected_count = %(expected_count)s,
    reason = null,
    page_count = (
        select count(*) from landing.page
        where pull_id = %(pull_id)s
    )
where pull_id = %(pull_id)s;

-- section: close
update landing.pull
set state = %(state)s, cursor = %(cursor)s, row_count = %(row_count)s, reason = %(reason)s, known_at = %(known_at)s
where
    pull_id = %(pull_id)s
    and (state, cursor, row_count, reason) is distinct from (%(state)s, %(cursor)s, %(row_count)s, %(reason)s);

-- section: pages
select page_no, sha256, body from landing.page
where pull_id = %(pull_id)s
order by page_no;

-- section: unfinished
select data_date from landing.pull
where feed = %(feed)s and state <> 'complete' and data_date < %(data_date)s
order by data_date;

-- section: quarantine
insert into quarantine.row (file_id, row_no, kind, row_values, issue_codes, known_at)
values (%(file_id)s, %(row_no)s, %(kind)s, %(row_values)s, %(issue_codes)s, %(known_at)s)
on conflict (file_id, row_no) do nothing;

-- section: release
-- Rows that a newer declaration can read: they are evidence now.
update quarantine.row
set replayed_at = %(known_at)s
where file_id = %(file_id)s and row_no = any(%(row_nos)s::bigint[]) and replayed_at is null;

-- section: raise_issue
insert into ops.issue (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at
)
values (
    core.key(%(file_id)s, %(row_no)s::bigint::text, %(field)s, %(issue_code)s, %(value)s),
    %(file_id)s, %(row_no)s::bigint, %(field)s, %(issue_code)s, %(severity)s, %(responsibility)s, %(value)s, %(message)s,
    %(suggestion)s, 'exchange', %(known_at)s
)
on conflict (issue_id) do nothing;

-- section: settle_issues
delete from ops.issue
where file_id = %(file_id)s and origin = 'exchange' and issue_code = any(%(issue_codes)s);
