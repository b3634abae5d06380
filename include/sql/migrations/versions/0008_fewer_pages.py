"""Applies include/sql/migrations/0008_fewer_pages.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0008_fewer_pages")
