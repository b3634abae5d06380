-- Grain: one case. Key: case_key.
-- Safe to re-run: only rows that differ are written, and those that left their source are removed.

delete from marts.fact_case as t
where not exists (
  select from (
    select case_key, title, published_on, appearance_count, is_followed_up
    from core.conduct_case
  ) as s
  where t.case_key = s.case_key
);

merge into marts.fact_case as t
using (
  select case_key, title, published_on, appearance_count, is_followed_up
  from core.conduct_case
) as s
on t.case_key = s.case_key
when matched and (t.title, t.published_on, t.appearance_count, t.is_followed_up) is distinct from (s.title, s.published_on, s.appearance_count, s.is_followed_up)
  then update set title = s.title, published_on = s.published_on, appearance_count = s.appearance_count, is_followed_up = s.is_followed_up
when not matched
  then insert (case_key, title, published_on, appearance_count, is_followed_up)
  values (s.case_key, s.title, s.published_on, s.appearance_count, s.is_followed_up);
