"""What must hold after every build: each query finds what breaks an invariant, so it must find nothing.

What is not looked up by subject is a list of its own: so a Citus coordinator takes the queries as well.
"""

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
        with confirmed as materialized (
          select case_no from evidence.verification_result where verdict_code = 'confirmed'),
        legal as materialized (
          select 'penalty' as kind, document_no from evidence.penalty_decision
          union all
          select 'listing', document_no from evidence.list_decision where action_code = 'listed'
          union all
          select 'recognition', document_no from evidence.recognition
          where case_no in (select case_no from confirmed))
        select r.subject_key from core.record as r
        left join (select distinct kind, document_no from legal) as l
          on l.kind = r.determination_kind and l.document_no = r.document_no
        where l.kind is null or r.document_no is null or r.authority_name is null or r.document_on is null""",
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
        with changed as materialized (select * from evidence.decision_change),
        contradicted as materialized (
          select file_id, row_no from ops.issue where issue_code = 'contradicting_versions'),
        claimed as materialized (
          select file_id, row_no, is_entitled from core.claim where kind = 'decision_change'),
        revoked as materialized (
          select c.*, m.is_entitled from changed as c
          inner join claimed as m on m.file_id = c.file_id and m.row_no = c.row_no
          where c.change_code = 'revoked'
            and not exists (select from changed as o
              where o.change_document_no = c.change_document_no
                and coalesce(o.party_code, c.party_code) = c.party_code
                and o.document_no = c.document_no
                and (o.changed_on, o.change_code) <> (c.changed_on, c.change_code))
            and not exists (
              select from contradicted as i where i.file_id = c.file_id and i.row_no = c.row_no))
        select r.subject_key from core.record as r
        inner join revoked as c on c.document_no = r.document_no and c.party_code = r.party_code
        where r.state in ('active', 'corrected') and c.changed_on <= r.valid_on
          and (c.is_entitled or r.disclosure_class <> 'internal')""",
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
        with decided as materialized (
          select candidate_key from core.match_decision where judgement = 'same' and deleted_at is null)
        select c.subject_key from core.claim as c
        where c.party_scheme = 'name' and c.subject_key <> c.candidate_key
          and c.candidate_key not in (select candidate_key from decided)
          and (c.act in ('determination', 'listing', 'recognition', 'registration') or not exists (
            select from core.claim as d
            where d.subject_key = c.subject_key and d.document_key = c.document_key
              and (d.party_scheme <> 'name' or d.candidate_key in (select candidate_key from decided))
              and core.comparable(d.party_name) = core.comparable(c.party_name)))""",
}
