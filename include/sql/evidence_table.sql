-- noqa: disable=all
-- The linter cannot read the places where the kinds and their fields are put in.
-- evidence.<kind>: the accepted rows of one submission kind, its fields as its contract declares them.
-- Grain: one accepted row. Key: (file_id, row_no). Safe to re-run: what stands is left as it is; a table gets the fields that its
-- contract has gained. Rows come from one file's transaction, once.
-- Spread by file_id on Citus: evidence is read by file; what is read by subject is core.claim.

-- section: create
create table if not exists {table} (
  file_id text not null,
  row_no bigint not null,
  data_date date not null,
  business_key text not null,
  original jsonb not null default '{{}}',
  extra jsonb not null default '{{}}',
  known_at timestamptz not null,
  primary key (file_id, row_no)
);

-- section: columns
select table_name::text, array_agg(column_name::text)
from information_schema.columns
where table_schema = 'evidence'
group by table_name;

-- section: field
add column {field} {type}

-- section: add
alter table {table} {fields};

-- section: label
comment on column {field} is {label};

-- section: purpose
comment on table {table} is {label};
