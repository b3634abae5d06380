"""Applies include/sql/migrations/0006_core_next.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0006_core_next")
