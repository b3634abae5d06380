"""The PostgreSQL warehouse: connections, migrations, reference data, loading of submissions."""
