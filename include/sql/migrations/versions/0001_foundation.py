"""Applies include/sql/migrations/0001_foundation.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0001_foundation")
