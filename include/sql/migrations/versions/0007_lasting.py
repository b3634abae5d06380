"""Applies include/sql/migrations/0007_lasting.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0007_lasting")
