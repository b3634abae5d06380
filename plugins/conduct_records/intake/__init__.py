"""Taking files in: where they lie, what they are, in which encoding and layout."""
