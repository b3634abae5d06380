"""Applies include/sql/migrations/0012_corrected.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0012_corrected")
