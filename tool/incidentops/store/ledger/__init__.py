"""The ledger: the branch that remembers what was done, and how a run takes its turn on it."""
