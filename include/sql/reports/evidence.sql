-- What pages cite: what file a row of evidence is of, whose, of which day (C4, G4).
-- Grain and key: one row of evidence (file_id, row_no). Safe to re-run: reads only. The row number of a push is a hash: what people
-- find a pushed row by is the case's list and number, or the cycle and the subject that was graded.
select
    w.file_id,
    w.row_no,
    coalesce(u.label, f.unit_code, p.feed) as source,
    coalesce(f.file_name, p.feed) as file_name,
    coalesce(f.data_date, p.data_date) as data_date,
    coalesce(l.label, c.list_code) as list_name,
    c.case_id,
    g.cycle_code,
    g.subject_name
from unnest(%(file_ids)s::text[], %(row_nos)s::bigint[]) as w (file_id, row_no)
left join landing.file as f on w.file_id = f.file_id
left join landing.pull as p on w.file_id = p.pull_id
left join evidence.pushed_case as c on w.file_id = c.file_id and w.row_no = c.row_no
left join evidence.evaluation as g on w.file_id = g.file_id and w.row_no = g.row_no
left join ref.code as l on l.list_code = 'case_list' and c.list_code = l.code
left join ref.code as u on u.list_code in ('reporting_unit', 'department') and f.unit_code = u.code;
