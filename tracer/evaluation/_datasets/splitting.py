"""Splits that stay as they are while a dataset grows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate
from math import isclose
from typing import Any

from tracer.evaluation._identity import content_hash
from tracer.evaluation._rows import Example

_DIGITS = 16


def split_examples(
    examples: Iterable[Example],
    shares: Mapping[str, float],
    *,
    group_by: str | None,
    stratify_by: str | None,
    seed: str,
) -> dict[str, list[Example]]:
    """Return the examples of each split; the arguments are those of `Dataset.split`."""
    _check(shares, group_by, stratify_by)
    found: dict[str, list[Example]] = {name: [] for name in shares}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(shares, 0))
    chosen: dict[str, str] = {}
    for example in examples:
        key = _key(example, group_by)
        if key not in chosen:
            weights: Mapping[str, float] = shares
            if stratify_by is not None:
                count = counts[content_hash(example.metadata.get(stratify_by))]
                weights = _owed(shares, count)
            chosen[key] = _drawn(weights, f"{seed}/{key}")
            if stratify_by is not None:
                count[chosen[key]] += 1
        found[chosen[key]].append(example)
    return found


def _check(
    shares: Mapping[str, float], group_by: str | None, stratify_by: str | None
) -> None:
    if not isclose(sum(shares.values()), 1.0, abs_tol=1e-9) or min(shares.values()) < 0:
        raise ValueError(
            f"the shares {dict(shares)} are {sum(shares.values()):g} together; "
            "give shares of 0 or more that are 1 together"
        )
    if group_by is not None and stratify_by is not None:
        raise ValueError(
            f"group_by={group_by!r} and stratify_by={stratify_by!r}: give one; rows "
            "that stay together cannot be spread evenly too"
        )


def _key(example: Example, group_by: str | None) -> str:
    """Return what decides: rows of one key are in one split."""
    group: Any = None if group_by is None else example.metadata.get(group_by)
    return f"id/{example.id}" if group is None else f"group/{content_hash(group)}"


def _owed(shares: Mapping[str, float], count: Mapping[str, int]) -> dict[str, float]:
    """Return how much each split lacks once one more row of the stratum is there."""
    n_rows = sum(count.values()) + 1
    return {
        name: max(0.0, share * n_rows - count[name]) for name, share in shares.items()
    }


def _drawn(weights: Mapping[str, float], key: str) -> str:
    """Return a name by its weight, the same for the same key and weights."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]
    point = int(digest, 16) / 16**_DIGITS * sum(weights.values())
    names = [name for name, weight in weights.items() if weight > 0]
    ends = accumulate(weights[name] for name in names)
    return next(
        (name for name, end in zip(names, ends, strict=True) if point < end), names[-1]
    )
