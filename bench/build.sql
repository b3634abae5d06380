-- A made-up warehouse for bench/build.py: evidence made inside the server, row by number. Grain: one submission of one data date.
-- Key: its rows' numbers. Safe to re-run: the same numbers give the same rows. Credit codes are made up and bear no valid check.
-- %(first)s to %(last)s are numbers of decisions; subject n has every %(subjects)s-th of them; %(file)s names the file.

-- section: land
insert into landing.file (
    file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count, sequence, scope, state,
    row_count, accepted_count, known_at
)
values (
    %(file)s, 'HB-AMR', %(kind)s, %(day)s, %(file)s, 'bench', 'bench', 1, 1, 'delta', 'accepted',
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
    '武汉样例' || (n %% %(subjects)s::bigint) || '商贸有限公司',
    'legal_person',
    '91420100MA' || lpad((n %% %(subjects)s::bigint)::text, 8, '0'),
    '虚假宣传',
    '当事人在经营场所内以样例方式对商品的性能作引人误解的商业宣传，欺骗、误导消费者',
    '《中华人民共和国反不正当竞争法》第八条第一款、第二十条第一款',
    (array['fine', 'warning', 'fine;confiscation', 'licence'])[1 + n %% 4],
    '责令停止违法行为，处罚款',
    1000 * (1 + n %% 100),
    date '2018-06-01' + (n %% 200)::integer,
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
    n,
    %(day)s,
    n::text,
    '样例撤〔2019〕' || n || '号',
    'revoked',
    '样例市监罚〔2018〕' || n || '号',
    '武汉样例' || (n %% %(subjects)s::bigint) || '商贸有限公司',
    '91420100MA' || lpad((n %% %(subjects)s::bigint)::text, 8, '0'),
    %(day)s,
    '样例原因',
    '湖北省市场监督管理局',
    '湖北省市场监督管理局',
    '11420000YL0000020Y',
    %(known_at)s
from generate_series(%(first)s::bigint, %(last)s::bigint) as n;
