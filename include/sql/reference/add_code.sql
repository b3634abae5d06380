-- Grain: one code. Key: list_code, code. Safe to re-run: follows clear_codes in one transaction.
insert into ref.code (list_code, code, label, attributes)
values (%(list_code)s, %(code)s, %(label)s, %(attributes)s);
