"""The room that opens databases: transactions, group commit, outbox, migrations; knows no slice."""
