-- Which tables a Citus coordinator spreads over its workers. Grain: one table. Safe to re-run: only what is not spread yet.
--   by subject_key, all in one group: every table of core and share whose primary key leads with it, and what a build makes for
--       them. The fold and the gate join them on it, so each worker works for its own subjects.
--   by file_id, all in one group: every evidence table of a submission kind, loaded and claimed file by file.
--   copied to every node (reference): codes, policies and the calendar, and the small tables that the fold joins with
--       claims: files, claimed files, appearances of cases, the lasting keys of persons (never their ids).
--   on the coordinator alone: the rest. Landing, runs, quarantine, issues and vault are read by file or by key and never
--       joined subject by subject; cases, targets, referrals and verifications are few and are about no one subject; match
--       decisions and rekeys lead from one subject to another; the marts are written by one publisher,
--       row by changed row, and BI tools join them freely.
-- A plain server has no extension citus: nothing here runs there.

-- section: is_coordinator
select count(*) > 0 from pg_extension
where extname = 'citus';

-- section: reference
select create_reference_table(t.name::regclass)
from (
    values
    ('ref.declaration'), ('ref.code'), ('ref.policy'), ('ref.calendar'),
    ('landing.file'), ('core.claimed_file'), ('core.pushed_case'), ('vault.person_alias')
) as t (name)
where not exists (
    select from pg_dist_partition as p
    where p.logicalrelid = t.name::regclass
);

-- section: spread
-- What is to be spread: the first of each group begins it, the others join it.
with led as (
    select
        c.oid,
        n.nspname,
        c.relname,
        a.attname
    from pg_index as i
    inner join pg_class as c on i.indrelid = c.oid and c.relkind in ('r', 'p') and not c.relispartition
    inner join pg_namespace as n on c.relnamespace = n.oid
    inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where i.indisprimary
    union
    select
        c.oid,
        'core_next',
        c.relname,
        'subject_key'
    from pg_class as c
    where c.relnamespace = 'core_next'::regnamespace and c.relkind = 'r'
),

grouped as (
    select
        format('%%I.%%I', nspname, relname) as table_name,
        attname::text as column_name,
        case when attname = 'subject_key' then 'core.claim' else 'evidence.penalty_decision' end as first_table,
        oid
    from led
    where
        (attname = 'subject_key' and nspname in ('core', 'core_next', 'share'))
        or (attname = 'file_id' and nspname = 'evidence' and relname not in ('pushed_case', 'evaluation'))
)

select
    table_name,
    column_name,
    case when table_name = first_table then 'none' else first_table end as colocate_with
from grouped
where not exists (
    select from pg_dist_partition as p
    where p.logicalrelid = grouped.oid
)
order by table_name <> first_table, table_name;

-- section: one
select create_distributed_table(%(table_name)s, %(column_name)s, colocate_with => %(colocate_with)s);

-- section: roles
-- The coordinator speaks to its workers under the role of each step; how a worker admits it is the server's own setting.
-- A step that changes a copied table locks, on a worker, the copied tables that its statement reads: it may read them, and Citus
-- would ask for the right to change them too. The owner gives persons their tokens of a new key, which every node holds.
select format('alter role %%I login', rolname)
from pg_roles
where rolname in ('records_owner', 'records_loader', 'records_builder', 'records_sharer') and not rolcanlogin
union all
select format('alter role %%I set citus.skip_advisory_lock_permission_checks to on', r.rolname)
from pg_roles as r
where
    r.rolname in ('records_owner', 'records_loader', 'records_builder', 'records_sharer')
    and not coalesce('citus.skip_advisory_lock_permission_checks=on' = any(r.rolconfig), false);

-- section: functions
-- What statements call on the workers: functions that read no table. Others read tables of the coordinator and stay there.
select create_distributed_function(f.oid::regprocedure)
from pg_proc as f
inner join pg_namespace as n on f.pronamespace = n.oid and n.nspname in ('core', 'share', 'marts', 'vault')
where
    f.provolatile = 'i' and not f.prosecdef
    and not exists (
        select from pg_dist_object as o
        where o.classid = 'pg_proc'::regclass and o.objid = f.oid
    );

-- section: behind_the_gate
-- On a cluster rights are looked at table by table, also where a view is asked. So the sharing step may read, in the shards,
-- what the gate's views read, and the few tables of theirs that are not spread. Its statements come in at the coordinator,
-- whose own rights are taken back: of what is spread it goes on to see the views alone.
do $$
declare
  spread text := (
    select string_agg(p.logicalrelid::text, ', ')
    from pg_dist_partition as p
    inner join pg_class as c on c.oid = p.logicalrelid and c.relnamespace = 'core'::regnamespace
  );
begin
  execute format('grant select on %s, core.target, core.verification, core.conduct_case to records_sharer', spread);
  set local citus.enable_ddl_propagation to off;
  execute format('revoke select on %s from records_sharer', spread);
  set local citus.enable_ddl_propagation to on;
end $$;
