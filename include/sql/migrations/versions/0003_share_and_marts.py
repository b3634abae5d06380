"""Applies include/sql/migrations/0003_share_and_marts.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0003_share_and_marts")
