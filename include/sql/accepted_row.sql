-- noqa: disable=all
-- The linter cannot read the places where the kinds are put in.
-- evidence.accepted_row: every accepted row of every kind, by its key. Grain and key: one row of evidence (file_id, row_no).
-- Safe to re-run: only a definition.

-- section: view
create or replace view evidence.accepted_row as
{kinds};

-- section: kind
select {kind}::text as kind, file_id, row_no, data_date, business_key from {table}
