"""Applies include/sql/migrations/0005_operations.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0005_operations")
