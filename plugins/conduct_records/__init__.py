"""Records of untrustworthy conduct: from files and pushes to evidence, records, marts and feeds."""
