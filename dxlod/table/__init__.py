"""The tables: contract, reading, checking, writing. The tables are the source of truth."""
