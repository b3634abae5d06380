-- What verification found about one party of one case: the latest result stands, of the units that may verify there (B1).
-- confirmed_on: since when it has been confirmed and not denied again; a follow-up that confirms once more moves it no further.
-- Of results of one rank a denial stands. A result that names nobody is about the whole case, and of one unit: another's says nothing
-- of what that unit found.
-- Grain and key: one party of one pushed case (list_code, case_no, party_code, party_name), or one unit's word on the whole case.
-- Safe to re-run: only a definition. Small: a case has a handful of parties.
create or replace view core.verified_party as
with result as (
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
        e.party_code is null and e.party_name is null as is_of_whole_case,
        e.file_id,
        e.row_no,
        row_number() over newest as place,
        count(*) filter (where e.verdict_code = 'not_confirmed') over newest as denials_since
    from evidence.verification_result as e
    inner join core.standing_file as f on e.file_id = f.file_id
    left join core.pushed_case as p on e.list_code = p.list_code and e.case_no = p.case_id
    -- a result states no place of its own: its unit verifies where it may verify
    where exists (
        select from core.entitlement as t
        where
            t.kind = 'verification_result' and t.holder_code = f.unit_code
            and e.data_date >= t.effective_from and e.data_date <= t.effective_until
    )
    window newest as (
        partition by
            e.list_code, e.case_no, upper(e.party_code), core.comparable(e.party_name),
            case when e.party_code is null and e.party_name is null then f.unit_code end
        order by
            e.verified_on desc, e.data_date desc, f.sequence desc, (e.verdict_code = 'not_confirmed') desc, e.file_id desc,
            e.row_no desc
    )
)

select distinct on (r.list_code, r.case_no, r.party_code, r.party_name, case when r.is_of_whole_case then r.unit_code end)
    r.list_code,
    r.case_no,
    r.case_key,
    r.party_code,
    r.party_name,
    r.verdict_code,
    r.verified_on,
    r.file_id,
    r.row_no,
    min(r.verified_on) filter (where r.denials_since = 0) over (
        partition by r.list_code, r.case_no, r.party_code, r.party_name, case when r.is_of_whole_case then r.unit_code end
    ) as confirmed_on,
    r.unit_code,
    r.is_of_whole_case,
    array[r.verified_on - '1970-01-01'::date, r.data_date - '1970-01-01'::date, r.sequence] as place
from result as r
order by
    r.list_code asc, r.case_no asc, r.party_code asc, r.party_name asc, case when r.is_of_whole_case then r.unit_code end asc, r.place asc;
