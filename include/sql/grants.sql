-- Grants on what is defined after the migrations: evidence tables of each kind and the views of the gate.
-- Safe to re-run: granting twice is granting once.

grant select, insert, update on all tables in schema evidence to records_loader;
grant select on all tables in schema evidence to records_builder;
grant select on all tables in schema core to records_builder;
grant select on all tables in schema marts to bi_reader;
grant select on ref.home to records_loader, records_builder, records_sharer;

grant usage on schema share to records_builder;
grant select on all tables in schema share to records_builder;

grant select on share.disclosable, share.disclosable_record, share.disclosable_list_entry to records_sharer;
revoke all on share.standing_record from records_sharer;
grant usage on schema core to records_sharer; -- for core.key alone: no table of core is granted
