-- What verification found about one party of one case: the latest result stands, of the units that may verify there (B1).
-- confirmed_on: since when it has been confirmed and not denied again; a follow-up that confirms once more moves it no further.
-- Of results of one rank a denial stands. A denial that names nobody is about the whole case: it counts against what its unit told of any
-- party in other files, and a provincial department's against what anybody told; of another city it says nothing.
-- Grain and key: one party of one pushed case (list_code, case_no, party_code, party_name).
-- Safe to re-run: only a definition. Small: a case has a handful of parties.
create or replace view core.verified_party as
with stated as materialized (
    select
        e.list_code,
        e.case_no,
        p.case_key,
        upper(e.party_code) as party_code,
        core.comparable(e.party_name) as party_name,
        e.verdict_code,
        e.verified_on,
        e.data_date,
        f.sequence,
        f.unit_code,
        e.file_id,
        e.row_no,
        g.is_of_province
    from evidence.verification_result as e
    inner join core.standing_file as f on e.file_id = f.file_id
    left join core.pushed_case as p on e.list_code = p.list_code and e.case_no = p.case_id
    -- a result states no place of its own: its unit verifies where it may verify on that day
    inner join lateral (
        select bool_or(t.region_code = h.province_code) as is_of_province
        from core.entitlement as t
        cross join ref.home as h
        where
            t.kind = 'verification_result' and t.holder_code = f.unit_code
            and e.data_date >= t.effective_from and e.data_date <= t.effective_until
    ) as g on g.is_of_province is not null
),

told as (
    select * from stated
    where coalesce(party_code, party_name) is not null
    union
    select
        p.list_code,
        p.case_no,
        p.case_key,
        p.party_code,
        p.party_name,
        d.verdict_code,
        d.verified_on,
        d.data_date,
        d.sequence,
        d.unit_code,
        d.file_id,
        d.row_no,
        d.is_of_province
    from stated as d
    inner join stated as p on d.case_key = p.case_key or (d.list_code = p.list_code and d.case_no = p.case_no)
    where
        d.verdict_code = 'not_confirmed' and coalesce(d.party_code, d.party_name) is null
        and coalesce(p.party_code, p.party_name) is not null
        and (d.unit_code = p.unit_code or d.is_of_province)
        and not exists (
            select from stated as o
            where
                o.file_id = d.file_id and o.case_no = p.case_no and o.list_code = p.list_code
                and (o.party_code, o.party_name) is not distinct from (p.party_code, p.party_name)
        )
),

result as (
    select
        t.*,
        row_number() over newest as place,
        count(*) filter (where t.verdict_code = 'not_confirmed') over newest as denials_since
    from told as t
    window newest as (
        partition by t.list_code, t.case_no, t.party_code, t.party_name
        order by
            t.verified_on desc, t.data_date desc, t.sequence desc, (t.verdict_code = 'not_confirmed') desc, t.file_id desc,
            t.row_no desc
    )
)

select distinct on (r.list_code, r.case_no, r.party_code, r.party_name)
    r.list_code,
    r.case_no,
    r.case_key,
    r.party_code,
    r.party_name,
    r.verdict_code,
    r.verified_on,
    r.file_id,
    r.row_no,
    min(r.verified_on) filter (where r.denials_since = 0)
        over (partition by r.list_code, r.case_no, r.party_code, r.party_name) as confirmed_on
from result as r
order by r.list_code asc, r.case_no asc, r.party_code asc, r.party_name asc, r.place asc;
