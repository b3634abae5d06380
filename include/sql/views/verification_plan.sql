-- The plan of each case: who leads, how, with whose help, until when. Only a provincial department or the lead authority sets one.
-- Grain and key: one case (list_code, case_no). Safe to re-run: only a definition. The latest plan stands.
create or replace view core.verification_plan as
select distinct on (e.list_code, e.case_no)
    e.list_code,
    e.case_no,
    f.unit_code as planned_by,
    e.lead_name,
    string_to_array(e.method_codes, ';') as method_codes,
    e.complexity_code,
    e.service_institution_name as institution_name,
    e.planned_on,
    e.due_on,
    e.data_date,
    e.file_id,
    e.row_no
from evidence.verification_plan as e
inner join core.standing_file as f on e.file_id = f.file_id
inner join ref.code as d on d.list_code = 'department' and f.unit_code = d.code
order by
    e.list_code asc, e.case_no asc, e.planned_on desc, e.data_date desc, f.sequence desc, e.file_id desc, e.row_no desc;
