-- Grain: one row per declaration file. Which content of it the ref tables hold.
select name, sha256 from ref.declaration;
