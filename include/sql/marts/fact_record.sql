-- Grain: one record. Key: subject_key, record_key.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.fact_record as t
where not exists (
  select from (
    select
      subject_key, record_key, catalogue_class_code as conduct_class_code, document_on, authority_name, region_code,
      unit_code, severity_code, state, is_under_objection, disclosure_class, display_from, display_until, fine_yuan,
      content_hash
    from core.record
  ) as s
  where t.subject_key = s.subject_key and t.record_key = s.record_key
);

merge into marts.fact_record as t
using (
  select
    subject_key, record_key, catalogue_class_code as conduct_class_code, document_on, authority_name, region_code,
    unit_code, severity_code, state, is_under_objection, disclosure_class, display_from, display_until, fine_yuan,
    content_hash
  from core.record
) as s
on t.subject_key = s.subject_key and t.record_key = s.record_key
when matched and (t.conduct_class_code, t.document_on, t.authority_name, t.region_code, t.unit_code, t.severity_code, t.state, t.is_under_objection, t.disclosure_class, t.display_from, t.display_until, t.fine_yuan, t.content_hash) is distinct from (s.conduct_class_code, s.document_on, s.authority_name, s.region_code, s.unit_code, s.severity_code, s.state, s.is_under_objection, s.disclosure_class, s.display_from, s.display_until, s.fine_yuan, s.content_hash)
  then update set conduct_class_code = s.conduct_class_code, document_on = s.document_on, authority_name = s.authority_name, region_code = s.region_code, unit_code = s.unit_code, severity_code = s.severity_code, state = s.state, is_under_objection = s.is_under_objection, disclosure_class = s.disclosure_class, display_from = s.display_from, display_until = s.display_until, fine_yuan = s.fine_yuan, content_hash = s.content_hash
when not matched
  then insert (subject_key, record_key, conduct_class_code, document_on, authority_name, region_code, unit_code, severity_code, state, is_under_objection, disclosure_class, display_from, display_until, fine_yuan, content_hash)
  values (s.subject_key, s.record_key, s.conduct_class_code, s.document_on, s.authority_name, s.region_code, s.unit_code, s.severity_code, s.state, s.is_under_objection, s.disclosure_class, s.display_from, s.display_until, s.fine_yuan, s.content_hash);
