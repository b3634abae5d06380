-- Records that must go although no build has said so yet: evidence that no build has claimed, and dates. Who may submit it is not
-- asked here: an act of whoever may not holds the record back in the next build as well (core/determination.sql).
-- Grain and key: one record (subject_key, record_key). Safe to re-run: recomputed as a whole; after a good build nothing is left.

-- section: forget
delete from share.withdrawal;

-- section: find
insert into share.withdrawal (subject_key, record_key, reason, document_no, withdrawn_on, known_at)
with waiting as (
  select f.file_id
  from core.standing_file as f
  where not exists (select from core.claimed_file as c where c.file_id = f.file_id)
),

-- what leads to other subjects is looked up in lists of their own: on Citus these go to every worker
ending as materialized (
  select document_no, party_name, party_code, change_document_no as by_document_no, changed_on as ended_on, 'revoked' as reason
  from evidence.decision_change
  where change_code = 'revoked' and file_id in (select file_id from waiting)
  union all
  select document_no, party_name, party_code, ruling_document_no, ruled_on, 'repaired'
  from evidence.repair_ruling
  where ruling_code = 'granted' and file_id in (select file_id from waiting)
  union all
  select document_no, party_name, party_code, objection_no, ruled_on, 'objection_upheld'
  from evidence.objection_ruling
  where correction_code = 'withdraw' and ruling_code in ('upheld', 'partly_upheld')
    and file_id in (select file_id from waiting)
  union all
  select listed_document_no, party_name, party_code, document_no, decided_on, 'removed_from_list'
  from evidence.list_decision
  where action_code = 'removed' and file_id in (select file_id from waiting)
  union all
  select document_no, party_name, party_code, document_no as by_document_no, decided_on, 'revoked_in_submission'
  from evidence.penalty_decision
  where status_code = 'revoked' and file_id in (select file_id from waiting)
),

shielded as materialized (
  select document_no, upper(party_code) as party_code, shielded_on
  from evidence.reorganisation_shield
  where %(valid_on)s between shielded_on and coalesce(until_on, 'infinity') and file_id in (select file_id from waiting)
),

found as (
  select r.subject_key, r.record_key, e.reason, e.by_document_no, e.ended_on
  from core.record as r
  inner join ending as e
    on core.comparable(e.document_no) = core.comparable(r.document_no)
    and (upper(e.party_code) = r.party_code or core.comparable(e.party_name) = core.comparable(r.party_name))
  where e.ended_on <= %(valid_on)s
  union all
  select r.subject_key, r.record_key, 'bankruptcy_reorganisation', g.document_no, g.shielded_on
  from shielded as g
  inner join core.subject_identifier as i on i.scheme = 'uscc' and i.value = g.party_code
  inner join core.record as r on r.subject_key = i.subject_key
  union all
  select subject_key, record_key, 'window_over', null, display_until + 1
  from core.record
  where state in ('active', 'corrected') and display_until < %(valid_on)s
)

select distinct on (subject_key, record_key) subject_key, record_key, reason, by_document_no, ended_on, %(known_at)s
from found
order by subject_key, record_key, ended_on, reason;

-- section: due
-- Whoever is held back, or was until now, is looked at again by every exit; so is whoever's last day is over.
insert into share.due_subject (subject_key, audience)
select w.subject_key, a.audience
from share.withdrawal as w
cross join (values ('public'), ('government'), ('proof')) as a (audience)
union
select s.subject_key, a.audience
from share.shown as s
cross join lateral (values (s.audience), ('proof')) as a (audience)
where s.display_until < %(valid_on)s
on conflict (subject_key, audience) do nothing;

-- section: due_subjects
select distinct subject_key from share.due_subject
where audience <> 'proof';

-- section: left_over
-- What was shown or told and no longer passes the gate.
with gated as materialized (
  select subject_key, audience, kind, item_key from share.disclosable
  where subject_key = any(%(subject_keys)s)
)

select count(*)
from share.due_subject as d
inner join share.shown as s on d.subject_key = s.subject_key and d.audience = s.audience
where not exists (
  select from gated as g
  where g.subject_key = s.subject_key and g.audience = s.audience and g.kind = s.kind and g.item_key = s.item_key
);

-- section: waiting
-- Withdrawals that were queued and not answered, as after a killed process.
select count(*)
from share.outbox
where state = 'pending' and action = 'withdraw';
