-- A made-up warehouse for bench/build.py: evidence made inside the server, row by number. Grain: one submission of one data date.
-- Key: its rows' numbers. Safe to re-run: the same numbers give the same rows. Credit codes are made up and bear no valid check.
-- %(first)s to %(last)s are numbers of decisions. Five in a row are one subject's; later ones, of the days, are spread over all.
-- %(subjects)s is how many there are; %(file)s names the file. `copy_*` add each derived row of what was built
-- copies times more under other subjects and documents, with the keys and hashes that the fold gives the evidence of those
-- numbers: a rebuild gives the same digest. Left out is what a day does not read: forms of names, contents of versions, and of
-- a claim most fields of its body and their hash.

-- section: numbers
create schema bench;
create function bench.subject_of(n bigint, subjects bigint) returns bigint
language sql immutable parallel safe
return case when n <= 5 * subjects then (n - 1) / 5 + 1 else 1 + mod(n * 7919, subjects) end;
-- Where the row of a built file, and that file, are found again so many decisions later.
create function bench.row_later(file_id text, row_no bigint, decisions bigint) returns bigint
language sql immutable parallel safe
return row_no + decisions / case when starts_with(file_id, 'registry_extract') then 5 else 1 end;
create function bench.file_later(file_id text, decisions bigint) returns text
language sql immutable parallel safe
return split_part(file_id, '-', 1) || '-' || bench.row_later(file_id, split_part(file_id, '-', 2)::bigint, decisions);
grant usage on schema bench to public;

-- section: days
select file_id
from landing.file
where kind = 'decision_change';

-- section: land
insert into landing.file (
    file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count, sequence, scope, state,
    row_count, accepted_count, known_at
)
values (
    %(file)s, 'HB-AMR', %(kind)s, %(day)s, %(file)s, 'bench', 'bench', 1, 0, 'delta', 'accepted',
    %(count)s, %(count)s, %(known_at)s
);

-- section: open
insert into ops.open_date (data_date, known_at)
values (%(day)s, %(known_at)s)
on conflict do nothing;

-- section: registry_extract
insert into evidence.registry_extract (
    file_id, row_no, data_date, business_key, party_name, party_code, established_on, approved_on, registration_status_code,
    authority_name, known_at
)
select
    %(file)s,
    n,
    %(day)s,
    n::text,
    '武汉样例' || n || '商贸有限公司',
    '91420100MA' || lpad(n::text, 8, '0'),
    date '2010-01-01',
    date '2010-01-01',
    'existing',
    '样例登记机关',
    %(known_at)s
from generate_series(%(first)s::bigint, %(last)s::bigint) as n;

-- section: penalty_decision
insert into evidence.penalty_decision (
    file_id, row_no, data_date, business_key, document_no, party_name, party_category_code, party_code, violation_type_name,
    violation_facts, penalty_basis, penalty_category_codes, penalty_content, fine_yuan, decided_on, authority_name,
    authority_code, source_name, source_code, known_at
)
select
    %(file)s,
    n,
    %(day)s,
    n::text,
    '样例市监罚〔2018〕' || n || '号',
    '武汉样例' || bench.subject_of(n, %(subjects)s) || '商贸有限公司',
    'legal_person',
    '91420100MA' || lpad(bench.subject_of(n, %(subjects)s)::text, 8, '0'),
    '虚假宣传',
    '以样例方式作引人误解的商业宣传',
    '《反不正当竞争法》第八条',
    (array['fine', 'warning', 'fine;confiscation', 'licence'])[1 + n %% 4],
    '处罚款',
    1000 * (1 + n %% 100),
    date '2018-06-01' + (n %% 100)::integer,
    '湖北省市场监督管理局',
    '11420000YL0000020Y',
    '样例来源',
    '11420000YL0000020Y',
    %(known_at)s
from generate_series(%(first)s::bigint, %(last)s::bigint) as n;

-- section: decision_change
insert into evidence.decision_change (
    file_id, row_no, data_date, business_key, change_document_no, change_code, document_no, party_name, party_code, changed_on,
    reason, changed_by_name, authority_name, authority_code, known_at
)
select
    %(file)s,
    d.n,
    %(day)s,
    d.n::text,
    '样例撤〔2019〕' || d.n || '号',
    'revoked',
    '样例市监罚〔2018〕' || d.n || '号',
    '武汉样例' || bench.subject_of(d.n, %(subjects)s) || '商贸有限公司',
    '91420100MA' || lpad(bench.subject_of(d.n, %(subjects)s)::text, 8, '0'),
    %(day)s,
    '样例原因',
    '湖北省市场监督管理局',
    '湖北省市场监督管理局',
    '11420000YL0000020Y',
    %(known_at)s
from generate_series(%(first)s::bigint, %(last)s::bigint) as g (number)
cross join lateral (select 1 + mod(g.number * 7919, 5 * %(subjects)s::bigint) as n) as d;

-- section: copy_map
create unlogged table bench.copied_subject as
select
    s.subject_key as old_subject_key,
    k.copy_no,
    k.copy_no * (select count(*) from core.record) as later,
    core.key('uscc', c.code) as subject_key,
    c.code as party_code,
    '武汉样例' || c.number || '商贸有限公司' as party_name
from core.subject as s
cross join generate_series(1, %(copies)s::integer) as k (copy_no)
cross join lateral (select substr(s.uscc, 11)::bigint + k.copy_no * (select count(*) from core.subject) as number) as n
cross join lateral (select n.number, '91420100MA' || lpad(n.number::text, 8, '0') as code) as c
order by k.copy_no, s.subject_key;

create unlogged table bench.copied as
select
    c.subject_key as old_subject_key,
    c.claim_key as old_claim_key,
    d.record_key as old_record_key,
    s.copy_no,
    s.subject_key,
    s.party_code,
    s.party_name,
    r.file_id,
    r.row_no,
    core.key('claim', r.file_id, r.row_no::text) as claim_key,
    case when c.document_key is null then c.fact_key else core.key('penalty', m.document_no, c.authority_key) end as fact_key,
    core.key('penalty', m.document_no, c.authority_key, s.subject_key) as record_key,
    m.document_no
from core.claim as c
inner join bench.copied_subject as s on c.subject_key = s.old_subject_key
left join core.record as d on c.subject_key = d.subject_key and c.claim_key = d.claim_key
cross join lateral (
    select bench.file_later(c.file_id, s.later) as file_id, bench.row_later(c.file_id, c.row_no, s.later) as row_no
) as r
cross join lateral (select case when c.document_key is not null then '样例市监罚〔2018〕' || r.row_no || '号' end as document_no) as m
order by s.copy_no, c.subject_key;

-- section: copy_files
-- Nothing is left to claim.
insert into core.claimed_file (file_id, kind, run_id)
select f.file_id, f.kind, r.run_id
from landing.file as f
cross join (select run_id from core.claimed_file limit 1) as r
on conflict do nothing;

-- section: copy_subject
insert into core.subject (subject_key, state, category_code, name, uscc, org_code, region_code, file_id, row_no)
select
    c.subject_key, s.state, s.category_code, c.party_name, c.party_code, substr(c.party_code, 9, 9), s.region_code,
    bench.file_later(s.file_id, c.later), bench.row_later(s.file_id, s.row_no, c.later)
from bench.copied_subject as c
inner join core.subject as s on c.old_subject_key = s.subject_key;

-- section: copy_subject_identifier
insert into core.subject_identifier (subject_key, scheme, value, seen_from, seen_until, file_id, row_no)
select
    c.subject_key, i.scheme,
    case i.scheme when 'uscc' then c.party_code when 'org_code' then substr(c.party_code, 9, 9) else c.party_name end,
    i.seen_from, i.seen_until, bench.file_later(i.file_id, c.later), bench.row_later(i.file_id, i.row_no, c.later)
from bench.copied_subject as c
inner join core.subject_identifier as i on c.old_subject_key = i.subject_key;

-- section: copy_name_index
insert into core.name_index (
    subject_key, name, name_id, is_candidate, prefecture_code, place_code, prefix, core_name, branch, run_id
)
select
    c.subject_key, c.party_name, hashtextextended(c.subject_key || c.party_name, 0), n.is_candidate, n.prefecture_code, n.place_code,
    n.prefix, n.core_name || c.copy_no, n.branch, n.run_id
from bench.copied_subject as c
inner join core.name_index as n on c.old_subject_key = n.subject_key;

-- section: copy_claim
insert into core.claim (
    subject_key, claim_key, candidate_key, party_scheme, kind, act, fact_key, document_key, authority_key,
    document_no, document_on, effective_on, authority_name, authority_code,
    party_name, party_code, party_org_code, party_registration_no, party_category_code, region_code,
    unit_code, is_entitled, data_date, revision, sequence, content_hash, file_id, row_no, body, known_at
)
select
    m.subject_key, m.claim_key, m.subject_key, c.party_scheme, c.kind, c.act, m.fact_key, m.document_no, c.authority_key,
    coalesce(m.document_no, c.document_no), c.document_on, c.effective_on, c.authority_name, c.authority_code,
    m.party_name, m.party_code, c.party_org_code, c.party_registration_no, c.party_category_code, c.region_code,
    c.unit_code, c.is_entitled, c.data_date, c.revision, c.sequence, c.content_hash, m.file_id, m.row_no,
    c.body - array[
        'party_name', 'party_code', 'party_category_code', 'source_name', 'source_code', 'authority_name', 'authority_code', 'document_no',
        'decided_on', 'violation_facts', 'violation_type_name', 'penalty_basis', 'penalty_content', 'penalty_category_codes'
    ],
    c.known_at
from bench.copied as m
inner join core.claim as c on m.old_subject_key = c.subject_key and m.old_claim_key = c.claim_key;

-- section: copy_standing_claim
insert into core.standing_claim (subject_key, fact_key, claim_key)
select subject_key, fact_key, claim_key
from bench.copied;

-- section: copy_record
insert into core.record (
    subject_key, record_key, determination_kind, catalogue_class_code, document_no, document_on,
    authority_name, authority_code, party_name, party_code, party_category_code,
    conduct_type, fact, basis, penalty_text, fine_yuan, confiscated_yuan, region_code, unit_code, case_key,
    severity_code, state, state_reason, state_document_no, state_on, is_under_objection,
    disclosure_class, disclosure_reason, display_from, display_until, repairable_from,
    policy_rule, is_policy_confirmed, provenance, content_hash, valid_on, claim_key, hold_codes
)
select w.*, encode(sha256(convert_to(w::text, 'UTF8')), 'hex'), (select max(valid_on) from ops.run), m.claim_key, r.hold_codes
from bench.copied as m
inner join core.record as r on m.old_subject_key = r.subject_key and m.old_record_key = r.record_key
cross join lateral (
    select
        m.subject_key, m.record_key, r.determination_kind, r.catalogue_class_code, m.document_no, r.document_on,
        r.authority_name, r.authority_code, m.party_name, m.party_code, r.party_category_code,
        r.conduct_type, r.fact, r.basis, r.penalty_text, r.fine_yuan, r.confiscated_yuan, r.region_code, r.unit_code, r.case_key,
        r.severity_code, r.state, r.state_reason, r.state_document_no, r.state_on, r.is_under_objection,
        r.disclosure_class, r.disclosure_reason, r.display_from, r.display_until, r.repairable_from,
        r.policy_rule, r.is_policy_confirmed,
        jsonb_build_object('determination', jsonb_build_object(
            'file_id', m.file_id, 'row_no', m.row_no, 'document_no', m.document_no
        )) as provenance
    offset 0
) as w;

-- section: copy_record_version
insert into core.record_version (
    subject_key, record_key, version_no, valid_on, known_at, run_id, change, state, state_reason, content, content_hash
)
select
    r.subject_key, r.record_key, 1, r.valid_on, u.known_at, u.run_id, 'created', r.state, r.state_reason,
    '{}', r.content_hash
from core.record as r
cross join (select known_at, run_id from ops.run where flow = 'build_records' limit 1) as u
where not exists (select from core.record_version as v where v.subject_key = r.subject_key and v.record_key = r.record_key);

-- section: copy_issue
insert into ops.issue (
    issue_id, file_id, row_no, field, issue_code, severity, responsibility, value, message, suggestion, origin, known_at, subject_key
)
select
    core.key('claim', i.issue_code, r.file_id, r.row_no::text), r.file_id, r.row_no, i.field,
    i.issue_code, i.severity, i.responsibility, i.value, i.message, i.suggestion, i.origin, i.known_at, s.subject_key
from ops.issue as i
inner join bench.copied_subject as s on i.subject_key = s.old_subject_key
cross join lateral (
    select bench.file_later(i.file_id, s.later) as file_id, bench.row_later(i.file_id, i.row_no, s.later) as row_no
) as r;

-- section: copy_digest
delete from core.digest_sum;
insert into core.digest_sum (family, line_count, word_1, word_2, word_3, word_4)
select
    family, count(*), sum(core.word(content_hash, 1)), sum(core.word(content_hash, 2)), sum(core.word(content_hash, 3)),
    sum(core.word(content_hash, 4))
from core.digest_line
group by family;

-- section: forget
-- What the copies were made with would only take the place of the warehouse's pages in memory.
drop table {kept};

-- section: empty
create table {kept} as select * from {table};
truncate {table};
insert into {table} select * from {kept};
analyze {table};

-- section: indexes
-- Filled without indexes, which are then made at once: several times as fast.
select
    case when k.conname is null then format('drop index %%s', i.indexrelid::regclass)
    else format('alter table %%s drop constraint %%I', i.indrelid::regclass, k.conname) end as drop_it,
    case when k.conname is null then pg_get_indexdef(i.indexrelid)
    else format('alter table %%s add constraint %%I %%s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end as make_it
from pg_index as i
left join pg_constraint as k on i.indexrelid = k.conindid
where i.indrelid = %(table)s::regclass;
