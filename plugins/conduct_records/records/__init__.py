"""Records as a fold of evidence: subjects, cases, determinations, states, lists, and the digest over them."""
