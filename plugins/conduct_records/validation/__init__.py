"""Checks of submitted rows: normalisers, check digits, rules, and the check of a whole file."""
