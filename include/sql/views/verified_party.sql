-- What verification found about one party of one case: the latest result stands, of the units that may verify there (B1).
-- Grain and key: one party of one pushed case (list_code, case_no, party_code, party_name).
-- Safe to re-run: only a definition. Small: a case has a handful of parties.
create or replace view core.verified_party as
select distinct on (e.list_code, e.case_no, upper(e.party_code), core.comparable(e.party_name))
    e.list_code,
    e.case_no,
    p.case_key,
    upper(e.party_code) as party_code,
    core.comparable(e.party_name) as party_name,
    e.verdict_code,
    e.verified_on,
    e.file_id,
    e.row_no
from evidence.verification_result as e
inner join core.standing_file as f on e.file_id = f.file_id
left join core.pushed_case as p on e.list_code = p.list_code and e.case_no = p.case_id
-- a result states no place of its own: its unit verifies where it may verify
where f.unit_code in (select t.holder_code from core.entitlement as t where t.kind = 'verification_result')
order by
    e.list_code asc, e.case_no asc, upper(e.party_code), core.comparable(e.party_name),
    e.verified_on desc, e.data_date desc, f.sequence desc, e.file_id desc, e.row_no desc;
