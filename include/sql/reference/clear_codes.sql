-- Grain: one code list. Safe to re-run: the list is loaded again in the same transaction.
delete from ref.code
where list_code = %(list_code)s;
