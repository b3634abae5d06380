"""Applies include/sql/migrations/0009_rival.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0009_rival")
