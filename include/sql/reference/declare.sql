-- Grain: one declaration. Key: name. Safe to re-run: writes the same row again.
insert into ref.declaration (name, sha256, known_at)
values (%(name)s, %(sha256)s, %(known_at)s)
on conflict (name) do update set sha256 = excluded.sha256, known_at = excluded.known_at;
