"""Sums of one score that several gave, each of other predictions."""

from collections.abc import Sequence

from tracer.stats._scale import widest
from tracer.stats._sums import ScoreSums
from tracer.stats._variance import Nesting


def merged(parts: Sequence[ScoreSums]) -> ScoreSums:
    """Return the sums of all values together, a copy that later ones do not reach.

    The parts share their slots. Which trial has which value is told of one part alone.
    """
    whole = parts[0].snapshot()
    for part in parts[1:]:
        whole.widen(part.type)
        whole.labels.update(part.labels)
        whole.n_missing += part.n_missing
        whole.n_errors += part.n_errors
        whole.declared = widest(whole.declared, part.declared)
        whole.nesting = Nesting()
        if part.type == "label" and whole.type != "label":
            continue
        whole.distribution.add_all(part.distribution)
        for example_id, slot in part.slots.items():
            if slot < len(part.counts) and part.counts[slot]:
                n, total = part.counts[slot], part.sums[slot]
                squares = part.squares[slot]
                whole.add(example_id, n=n, sum=total, sum_squares=squares)
    return whole
