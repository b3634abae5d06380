-- The two lists (F1, F2). Grain: one entry of one list. Key: (subject_key, entry_key).
-- serious_dishonesty holds what list decisions list and nothing else; key_supervision what policy of that name takes in.
-- An entry ends with its record. Safe to re-run: the rows of a touched subject are made anew.

-- section: clear
delete from core.list_entry as e using core.touched_subject as t
where t.run_id = %(run_id)s and t.subject_key = e.subject_key;

-- section: fold
insert into core.list_entry (
    subject_key, entry_key, list_code, industry_code, subject_name, subject_code, document_no, authority_name,
    listed_on, removed_on, display_until, state, entry_reason, exit_reason, record_key, provenance, content_hash, valid_on
)
with listed as (
    select
        r.*,
        'serious_dishonesty' as list_code,
        r.conduct_type as industry_code,
        r.fact as entry_reason
    from core.record as r
    inner join core.touched_subject as t on r.subject_key = t.subject_key and t.run_id = %(run_id)s
    where r.determination_kind = 'listing'
    union all
    select
        r.*,
        'key_supervision',
        null,
        p.rule_code
    from core.record as r
    inner join core.touched_subject as t on r.subject_key = t.subject_key and t.run_id = %(run_id)s
    inner join ref.policy as p
        on
            p.policy_code = 'key_supervision'
            and r.document_on >= p.effective_from and r.document_on <= coalesce(p.effective_until, 'infinity')
            and p.body -> 'kinds' ? r.determination_kind and p.body -> 'severities' ? r.severity_code
    where r.disclosure_class <> 'internal'
),

whole as (
    select
        l.subject_key,
        core.key('entry', l.list_code, l.record_key) as entry_key,
        l.list_code,
        l.industry_code,
        l.party_name as subject_name,
        l.party_code as subject_code,
        l.document_no,
        l.authority_name,
        l.document_on as listed_on,
        case when l.state in ('revoked', 'repaired', 'expired') then l.state_on end as removed_on,
        l.display_until,
        case
            when l.state in ('revoked', 'expired') then l.state
            when l.state = 'repaired' then 'removed'
            else 'listed'
        end as state,
        l.entry_reason,
        case when l.state in ('revoked', 'repaired', 'expired') then l.state_reason end as exit_reason,
        l.record_key,
        l.provenance
    from listed as l
)

select
    w.*,
    encode(sha256(convert_to(w::text, 'UTF8')), 'hex'),
    %(valid_on)s
from whole as w
on conflict (subject_key, entry_key) do nothing;
