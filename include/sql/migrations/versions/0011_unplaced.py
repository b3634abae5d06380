"""Applies include/sql/migrations/0011_unplaced.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0011_unplaced")
