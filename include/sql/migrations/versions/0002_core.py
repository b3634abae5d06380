"""Applies include/sql/migrations/0002_core.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0002_core")
