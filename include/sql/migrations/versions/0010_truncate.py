"""Applies include/sql/migrations/0010_truncate.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0010_truncate")
