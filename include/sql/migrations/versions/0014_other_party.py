"""Applies include/sql/migrations/0014_other_party.sql."""

from conduct_records.warehouse.migrate import apply_sql_file

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the statements of the file of the same name."""
    apply_sql_file("0014_other_party")
