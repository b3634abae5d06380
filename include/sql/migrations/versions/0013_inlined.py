"""Applies include/sql/migrations/0013_inlined.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0013_inlined")
