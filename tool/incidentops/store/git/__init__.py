"""git, in plumbing commands in bulk: trees, history, merges, commits without a checkout, pushes."""
