"""How often k tries pass: at least once (pass@k), or every time (pass^k)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import comb

from tracer.stats._intervals import ClusterSums, Interval, share_interval


@dataclass(frozen=True, slots=True)
class PassRate:
    """The share of examples that pass in `k` tries, averaged over examples."""

    k: int
    """Number of tries."""

    mean: float | None
    """Unbiased estimate; None if no example has `k` trials."""

    ci95: Interval | None
    """95 % interval, within 0 and 1; None below two examples."""

    n_examples: int
    """Examples that have at least `k` trials."""

    n_skipped: int
    """Examples left out, having fewer."""


def pass_at_k(n: int, passed: int, k: int) -> float:
    """Return the chance that at least one of `k` tries passes, from `passed` of `n`.

    The unbiased estimator 1 - C(n - c, k) / C(n, k) of Chen et al. 2021
    (arXiv:2107.03374).
    """
    _check_tries(n, k)
    return 1.0 - comb(n - passed, k) / comb(n, k)


def pass_hat_k(n: int, passed: int, k: int) -> float:
    """Return the chance that all of `k` tries pass, from `passed` of `n`.

    The unbiased estimator C(c, k) / C(n, k) of Yao et al. 2024 (arXiv:2406.12045).
    """
    _check_tries(n, k)
    return comb(passed, k) / comb(n, k)


def _check_tries(n: int, k: int) -> None:
    if not 1 <= k <= n:
        raise ValueError(f"k={k} tries cannot be judged from {n} trials; take 1 to {n}")


def pass_rate(
    examples: Iterable[tuple[float, float]],
    k: int,
    *,
    estimate: Callable[[int, int, int], float] = pass_at_k,
) -> PassRate:
    """Average `estimate` over examples given as (trials, passed)."""
    if k < 1:
        raise ValueError(f"k={k} is not a number of tries; take 1 or more")
    estimates, skipped = [], 0
    for n, passed in examples:
        if n < k:
            skipped += 1
            continue
        estimates.append(estimate(int(n), round(passed), k))
    sums = ClusterSums.of((1, value, value * value) for value in estimates)
    return PassRate(k, sums.mean, share_interval(sums), len(estimates), skipped)
