"""Keeping the warehouse well: backup and restore, alerts, diagnosis, retention."""
