"""Commands that work on the services and the ledger."""
