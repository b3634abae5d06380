"""Declarations of submission kinds, code lists and issues, read from include/schemas."""
