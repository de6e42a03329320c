"""Chance of our own: the application's `random` draws the same with and without us.

An application that seeds `random` relies on what follows, and one that seeds it alike
in many processes would give their traces the same ids.
"""

import os
import random

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

CHANCE = random.Random()
"""Seeded by the system, again in the child of every fork; for no secrets."""

if hasattr(os, "register_at_fork"):  # else parent and child draw the same ids
    os.register_at_fork(after_in_child=CHANCE.seed)


def new_trace_id() -> int:
    """Return 128 random bits, never 0."""
    return CHANCE.getrandbits(128) or 1


def new_span_id() -> int:
    """Return 64 random bits, never 0."""
    return CHANCE.getrandbits(64) or 1


class OwnIds(RandomIdGenerator):
    """Ids of spans and traces for OpenTelemetry, drawn here."""

    def generate_span_id(self) -> int:
        """Return 64 random bits, never 0."""
        return new_span_id()

    def generate_trace_id(self) -> int:
        """Return 128 random bits, never 0."""
        return new_trace_id()
