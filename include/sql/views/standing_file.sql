-- Which submissions count: what the fold reads of evidence, it reads through this view (B7, B8).
-- Grain and key: one accepted file (file_id). Safe to re-run: only a definition. Whatever the order of arrival, the same files stand.
-- Not standing: what a newer contract version has read anew, and what a file of scope `replace` takes the place of.
create or replace view core.standing_file as
select
    f.file_id,
    f.unit_code,
    f.kind,
    f.data_date,
    f.sequence,
    f.sha256,
    f.known_at
from landing.file as f
where
    f.state = 'accepted'
    and not exists (
        select from landing.file as g
        where
            g.state = 'accepted' and g.unit_code = f.unit_code and g.data_date = f.data_date and g.sha256 = f.sha256
            and (g.known_at, g.file_id) > (f.known_at, f.file_id)
    )
    and not exists (
        select from landing.file as g
        where
            g.state = 'accepted' and g.scope = 'replace' and g.unit_code = f.unit_code and g.kind = f.kind
            and (g.data_date, g.sequence) > (f.data_date, f.sequence)
    );
