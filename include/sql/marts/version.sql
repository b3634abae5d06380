-- Which version of the marts readers see. Grain and key: one row, name = marts.

-- section: digest
-- The order of rows does not matter: each row's hash is added up.
select core.key(
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.dim_subject as t),
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.fact_record as t),
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.fact_case as t),
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.fact_referral as t),
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.fact_submission as t),
  (select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from marts.fact_issue as t)
);

-- section: move
-- Safe to re-run: the number grows only with the content.
insert into marts.current_version (name, version_no, valid_on, digest, known_at, is_stale, stale_reason)
values ('marts', 1, %(valid_on)s, %(digest)s, %(known_at)s, false, null)
on conflict (name) do update set
  version_no = current_version.version_no + (current_version.digest <> excluded.digest)::integer,
  valid_on = excluded.valid_on,
  digest = excluded.digest,
  known_at = excluded.known_at,
  is_stale = false,
  stale_reason = null
returning version_no;

-- section: stale
-- The last good version stays; readers are told.
update marts.current_version set is_stale = true, stale_reason = %(reason)s
where name = 'marts';
