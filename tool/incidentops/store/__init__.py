"""Records, handbook, repository and ledger on disk: the only readers and writers."""
