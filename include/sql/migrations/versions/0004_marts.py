"""Applies include/sql/migrations/0004_marts.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0004_marts")
