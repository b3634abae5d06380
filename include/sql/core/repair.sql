-- Repair rulings and whether the law lets them act (G3). Grain: one ruling on one record. Key: (subject_key, repair_key).
-- Safe to re-run: the rows of a touched subject are made anew. A ruling before the shortest period is over
-- ends nothing; one by a unit that may not submit it is no ruling, and holds the record (hold.sql).

-- section: clear
delete from core.repair as r using core.touched_subject as t
where t.run_id = %(run_id)s and t.subject_key = r.subject_key;

-- section: fold
insert into core.repair (
    subject_key, repair_key, record_key, ruling_no, ruled_on, state, reason, file_id, row_no
)
select
    c.subject_key,
    core.key('repair', core.comparable(c.document_no), c.document_key, e.record_key),
    e.record_key,
    c.document_no,
    c.effective_on,
    case
        when c.body ->> 'ruling_code' = 'refused' then 'refused'
        when e.record_key is null then 'unmatched'
        when c.effective_on < l.repairable_from then 'too_early'
        else 'granted'
    end,
    c.body ->> 'reason',
    c.file_id,
    c.row_no
from core.standing_claim as s
inner join core.touched_subject as t on s.subject_key = t.subject_key and t.run_id = %(run_id)s
inner join core.claim as c on s.subject_key = c.subject_key and s.claim_key = c.claim_key
left join core.record_event as e on c.subject_key = e.subject_key and c.claim_key = e.claim_key
left join core_next.record_law as l on e.subject_key = l.subject_key and e.record_key = l.record_key
where c.act = 'repair' and c.is_entitled and c.effective_on <= %(valid_on)s
on conflict (subject_key, repair_key) do nothing;
