-- Objections with their clocks and rulings (G1). Grain: one objection of one subject. Key: (subject_key, objection_key).
-- Safe to re-run: the rows of a touched subject are made anew. due_on counts working days from ref.calendar. Two units may number
-- alike: a ruling answers the objection of its number to the decision that it names.

-- section: clear
delete from core.objection as o using core.touched_subject as t
where t.run_id = %(run_id)s and t.subject_key = o.subject_key;

-- section: fold
insert into core.objection (
    subject_key, objection_key, record_key, objection_no, raised_on, due_on, ruled_on, ruling_code, reason, state,
    file_id, row_no
)
with standing as (
    select
        c.*,
        (
            select min(x.record_key) from core.record_event as x
            where x.subject_key = c.subject_key and x.claim_key = c.claim_key
        ) as record_key
    from core.standing_claim as s
    inner join core.touched_subject as t on s.subject_key = t.subject_key and t.run_id = %(run_id)s
    inner join core.claim as c on s.subject_key = c.subject_key and s.claim_key = c.claim_key
    where (c.act = 'objection' or (c.act = 'ruling' and c.is_entitled)) and c.effective_on <= %(valid_on)s
),

ruling as (
    select distinct on (subject_key, document_no, document_key)
        subject_key,
        document_no,
        document_key,
        effective_on as ruled_on,
        body
    from standing
    where act = 'ruling'
    order by subject_key asc, document_no asc, document_key asc, effective_on desc, data_date desc, sequence desc, claim_key asc
)

select
    o.subject_key,
    core.key('objection', o.fact_key),
    o.record_key,
    o.document_no,
    o.effective_on,
    (
        select min(due.day) from ref.calendar as raised
        inner join ref.policy as p
            on
                p.policy_code = 'clocks' and p.rule_code = 'objection'
                and raised.day >= p.effective_from and raised.day <= coalesce(p.effective_until, 'infinity')
        inner join ref.calendar as due
            on due.working_day_no = raised.working_day_no + (p.body ->> 'working_days')::integer
        where raised.day = o.effective_on
    ),
    r.ruled_on,
    r.body ->> 'ruling_code',
    coalesce(r.body ->> 'reason', o.body ->> 'statement'),
    case
        when o.record_key is null then 'unmatched'
        when r.ruled_on is null then 'open'
        when r.body ->> 'ruling_code' in ('upheld', 'partly_upheld') then 'upheld'
        else 'rejected'
    end,
    o.file_id,
    o.row_no
from standing as o
left join ruling as r
    on
        o.subject_key = r.subject_key and o.document_no = r.document_no and o.document_key = r.document_key
        and o.effective_on <= r.ruled_on
where o.act = 'objection'
on conflict (subject_key, objection_key) do nothing;
