"""What a case and a plan are: tables, checks, reading and writing. Knows nobody; imports of its files are by name."""
