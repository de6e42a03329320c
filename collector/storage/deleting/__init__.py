"""Rows that go: on demand, by age, by the disk's budget."""
