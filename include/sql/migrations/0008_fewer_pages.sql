-- Fewer tables for a day to read of each subject that it touches (decision 12): which claims make records, and what holds records
-- back, a build needs for itself alone, so it keeps them in core_next; of both the record says what others ask.
-- Grain, key: core_next.determination: one record; core_next.record_hold: one record that something holds back; core_next.issue: one
-- finding on one claim. Safe to re-run: applied once by the migration runner, in one transaction.

alter table core.record add column claim_key text, add column hold_codes text[] not null default '{}';
update core.record as r set claim_key = d.claim_key, hold_codes = coalesce(h.hold_codes, '{}')
from core.determination as d
left join (
  select subject_key, record_key, array_agg(hold_code order by hold_code) as hold_codes
  from core.record_hold
  group by subject_key, record_key
) as h on h.subject_key = d.subject_key and h.record_key = d.record_key
where r.subject_key = d.subject_key and r.record_key = d.record_key;
alter table core.record alter column claim_key set not null;
comment on column core.record.claim_key is 'The standing claim with the legal force to make it (D1): a penalty, a listing, a recognition after a confirmed verification.';
comment on column core.record.hold_codes is 'All that keeps it from the public or inside the centre; policy disclosure says which class each gives. Not part of content_hash.';

drop table core_next.determination, core_next.record_hold, core_next.record;
create unlogged table core_next.determination (like core.determination including indexes);
create unlogged table core_next.record_hold (subject_key text not null, record_key text not null, hold_codes text[] not null, primary key (subject_key, record_key));
create unlogged table core_next.record (like core.record);
drop table core.determination, core.record_hold;

-- Issues that the fold finds are found again by their subject, not by the file and row of each of its claims.
alter table ops.issue add column subject_key text;
update ops.issue as i set subject_key = c.subject_key
from core.claim as c
where i.origin = 'fold' and c.file_id = i.file_id and c.row_no = i.row_no
  and i.issue_id = core.key('claim', i.issue_code, i.file_id, i.row_no::text);
create index on ops.issue (subject_key, issue_id) where subject_key is not null;
comment on column ops.issue.subject_key is 'Whose claim it is about, where the fold of that subject found it.';
create unlogged table core_next.issue (like ops.issue);

-- Names are indexed for matching where they changed.
alter table core.touched_subject add column is_renamed boolean not null default false;
comment on column core.touched_subject.is_renamed is 'Whether it is called, or stands, otherwise than before this build.';

grant select, insert, truncate on core_next.determination, core_next.record_hold, core_next.record, core_next.issue to records_builder;
