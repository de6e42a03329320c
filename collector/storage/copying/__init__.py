"""Copies of a store: to files and back, and to another store.

Table by table and partition by partition, each compared by count and checksum, each
repeatable.
"""
