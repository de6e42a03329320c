"""Annotation queues: what people are asked about which calls, and what they said."""
