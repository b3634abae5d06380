"""The wire to the national sharing platform: calls, paging, and pulls that can be resumed."""
