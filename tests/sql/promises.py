"""What must hold after every build: each query finds what breaks an invariant, so it must find nothing."""

from __future__ import annotations

CHECKS = {
    "I2 a record or entry without its row of evidence": """
        select d.subject_key from core.record as d
        left join core.claim as c on c.subject_key = d.subject_key
          and c.file_id = d.provenance #>> '{determination,file_id}'
          and c.row_no = (d.provenance #>> '{determination,row_no}')::bigint
        left join landing.file as f on f.file_id = c.file_id
        where f.file_id is null
        union all
        select e.subject_key from core.list_entry as e
        left join core.record as r on r.subject_key = e.subject_key and r.record_key = e.record_key
        where r.record_key is null""",
    "I3 a record without a document of legal force": """
        select r.subject_key from core.record as r
        where r.document_no is null or r.authority_name is null or r.document_on is null or not exists (
          select from evidence.penalty_decision as p
          where p.document_no = r.document_no and r.determination_kind = 'penalty'
          union all
          select from evidence.list_decision as l
          where l.document_no = r.document_no and r.determination_kind = 'listing'
            and l.action_code = 'listed'
          union all
          select from evidence.recognition as g
          inner join evidence.verification_result as v
            on v.case_no = g.case_no and v.verdict_code = 'confirmed'
          where g.document_no = r.document_no and r.determination_kind = 'recognition')""",
    "I3 a record of a decision that takes effect later": """
        select r.subject_key from core.record as r where r.document_on > r.valid_on""",
    "I4 disclosed although a person's, ended, outside its window or of no known subject": """
        select d.subject_key from share.disclosable_record as d
        left join core.record as r on r.subject_key = d.subject_key and r.record_key = d.record_key
        left join core.subject as s on s.subject_key = d.subject_key
        where r.record_key is null or r.party_category_code = 'natural_person' or s.state <> 'identified'
          or r.state not in ('active', 'corrected')
          or r.valid_on not between r.display_from and r.display_until
          or r.disclosure_class = 'internal' or (d.audience = 'public' and r.disclosure_class <> 'public')
          or d.content::text ~ 'person[0-9]'""",
    "I4 a decision revoked by code still stands, or is not held back where who sent it may not revoke": """
        select r.subject_key from core.record as r
        inner join evidence.decision_change as c
          on c.document_no = r.document_no and c.party_code = r.party_code and c.change_code = 'revoked'
        inner join core.claim as m on m.file_id = c.file_id and m.row_no = c.row_no
        where r.state in ('active', 'corrected') and c.changed_on <= r.valid_on
          and (m.is_entitled or r.disclosure_class <> 'internal')
          and not exists (select from evidence.decision_change as o
            where o.change_document_no = c.change_document_no
              and coalesce(o.party_code, c.party_code) = c.party_code
              and o.document_no = c.document_no
              and (o.changed_on, o.change_code) <> (c.changed_on, c.change_code))
          and not exists (select from ops.issue as i where i.file_id = c.file_id
            and i.row_no = c.row_no and i.issue_code = 'contradicting_versions')""",
    "B1 a record changed or ended by who may not submit it": """
        select r.subject_key from core.record as r
        cross join lateral (values (r.provenance -> 'correction'), (r.provenance -> 'state')) as p (source)
        inner join core.claim as c on c.subject_key = r.subject_key and c.file_id = p.source ->> 'file_id'
          and c.row_no = (p.source ->> 'row_no')::bigint and not c.is_entitled
        where c.act <> 'determination'
        union all
        select o.subject_key from core.objection as o
        where o.state in ('upheld', 'rejected') and not exists (select from core.claim as c
          where c.subject_key = o.subject_key and c.act = 'ruling' and c.document_no = o.objection_no
            and c.is_entitled)""",
    "I9 a claim by name alone under another subject, and nobody decided": """
        select c.subject_key from core.claim as c
        where c.party_scheme = 'name' and c.subject_key <> c.candidate_key
          and not exists (select from core.match_decision as m
            where m.candidate_key = c.candidate_key and m.judgement = 'same' and m.deleted_at is null)
          and (c.act in ('determination', 'listing', 'recognition', 'registration') or not exists (
            select from core.claim as d
            where d.subject_key = c.subject_key and d.document_key = c.document_key
              and d.party_scheme <> 'name'
              and core.comparable(d.party_name) = core.comparable(c.party_name)))""",
}
