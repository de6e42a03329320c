"""The pictures of docs/statistics.md: drawn worlds, judged by `tracer.stats`."""

import numpy

from scripts.pictures.svg import Drawing, Scale
from tracer.stats import (
    ClusterSums,
    compare,
    detectable_difference,
    holm,
    mean_difference,
    mean_interval,
    wilson,
)

SHARE = 0.7
"""The true share of right answers in every world that is drawn here."""


def percent(value: float) -> str:
    """Return a share as people read it."""
    return f"{value * 100:.0f} %"


def axis(drawing: Drawing, at: Scale, y: float, values: list[float]) -> None:
    """Draw a line of shares with their numbers below it."""
    drawing.line(at.start, y, at.end, y)
    for value in values:
        drawing.line(at(value), y, at(value), y + 4)
        drawing.text(at(value), y + 18, percent(value), "soft middle")


def intervals() -> str:
    """Draw what "95 %" means: the same evaluation with other examples, 60 times."""
    n_runs, n_examples = 60, 100
    random = numpy.random.default_rng(7)
    passed = random.binomial(n_examples, SHARE, n_runs)
    found = [wilson(n / n_examples, n_examples) for n in passed]
    n_missing = sum(not low <= SHARE <= high for low, high in found)
    drawing = Drawing(
        680,
        250,
        f"{n_runs} intervals from {n_runs} evaluations of {n_examples} examples; "
        f"{n_missing} of them miss the true share",
    )
    x, y = Scale(0, n_runs - 1, 60, 660), Scale(0.5, 0.9, 205, 30)
    for value in (0.5, 0.6, 0.7, 0.8, 0.9):
        drawing.text(50, y(value) + 4, percent(value), "soft end")
    drawing.line(60, y(SHARE), 660, y(SHARE), "l-soft", dashes="4 3")
    for number, (low, high) in enumerate(found):
        look = "main" if low <= SHARE <= high else "bad"
        drawing.line(x(number), y(low), x(number), y(high), f"l-{look}", width=3)
        drawing.dot(x(number), y(passed[number] / n_examples), look)
    words = f"{n_runs} evaluations of {n_examples} new examples each: "
    drawing.text(60, 232, words + f"{n_missing} intervals miss the truth of 70 %")
    return str(drawing)


def trials() -> str:
    """Draw what more trials are worth: 200 answers, told in three ways."""
    at = Scale(0.4, 1, 250, 650)
    drawing = Drawing(
        680, 215, "200 answers of 200 examples, and of 20 examples with 10 trials"
    )
    rows = (
        ("200 examples × 1 trial", *answers(200, 1), "main"),
        ("20 examples × 10 trials", *answers(20, 10), "main"),
        ("the same, counted as 200", *answers(20, 10, is_naive=True), "bad"),
    )
    for number, (name, mean, (low, high), look) in enumerate(rows):
        y = 45 + number * 42
        drawing.text(20, y + 4, name)
        drawing.interval(at(low), at(mean), at(high), y, look)
        held = percent(coverage(200 if number == 0 else 20, is_naive=number == 2))
        drawing.text(20, y + 20, f"holds the truth in {held} of 2,000 draws", "soft")
    drawing.line(at(SHARE), 20, at(SHARE), 170, "l-soft", dashes="4 3")
    axis(drawing, at, 175, [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    return str(drawing)


def chances(random: numpy.random.Generator, shape: tuple[int, ...]) -> "numpy.ndarray":
    """Return how likely each example is to pass: some nearly always, some rarely."""
    return random.beta(SHARE * 1.5, (1 - SHARE) * 1.5, shape)


def answers(
    n_examples: int, n_trials: int, *, is_naive: bool = False
) -> tuple[float, tuple[float, float]]:
    """Return mean and interval of one drawn run."""
    random = numpy.random.default_rng(21)
    passed = random.binomial(n_trials, chances(random, (n_examples,)))
    return mean_and_interval(passed, n_trials, is_naive=is_naive)


def mean_and_interval(
    passed: "numpy.ndarray", n_trials: int, *, is_naive: bool
) -> tuple[float, tuple[float, float]]:
    """Return the mean of passes, and its interval by examples or as if independent."""
    n = len(passed) * n_trials
    mean = float(passed.sum()) / n
    if is_naive:
        return mean, wilson(mean, n)
    sums = ClusterSums.of((n_trials, float(k), float(k)) for k in passed)
    found = mean_interval(sums, type="bool")
    assert found is not None
    return mean, found


def coverage(n_examples: int, *, is_naive: bool) -> float:
    """Return how often the interval holds the truth, over many drawn runs."""
    random, runs = numpy.random.default_rng(3), 2000
    n_trials = 200 // n_examples
    passed = random.binomial(n_trials, chances(random, (runs, n_examples)))
    found = (mean_and_interval(p, n_trials, is_naive=is_naive)[1] for p in passed)
    return sum(low <= SHARE <= high for low, high in found) / runs


def pairing() -> str:
    """Draw why the same examples are compared: two runs, paired and as strangers."""
    random = numpy.random.default_rng(5)
    hard = random.normal(0, 1, 40)
    old = 3.2 + hard + random.normal(0, 0.35, 40)
    new = 3.45 + hard + random.normal(0, 0.35, 40)
    by_id = [{str(i): (1.0, float(v)) for i, v in enumerate(run)} for run in (old, new)]
    paired = mean_difference(*by_id)
    assert paired is not None
    ends = {"each example with itself": (*paired.interval(0.95), "main")}
    strangers = compare(rows_of(old, "a"), rows_of(new, "b"))[0]
    assert strangers.ci95 is not None
    ends["as if they were other examples"] = (*strangers.ci95, "bad")
    drawing = Drawing(680, 290, "40 examples, each scored in both runs")
    x, y = Scale(0, 39, 40, 650), Scale(0.9, 5.6, 160, 20)
    for place, i in enumerate(numpy.argsort(hard)):
        better = "other" if new[i] > old[i] else "bad"
        drawing.line(x(place), y(old[i]), x(place), y(new[i]), f"l-{better}", width=2)
        drawing.dot(x(place), y(old[i]), "soft")
        drawing.dot(x(place), y(new[i]), better, radius=4)
    words = "40 examples, hard to easy: grey the old score, coloured the new"
    drawing.text(40, 182, words)
    at = Scale(-0.5, 1, 280, 650)
    for number, (name, (low, high, look)) in enumerate(ends.items()):
        line = 212 + number * 26
        drawing.text(40, line + 4, name)
        drawing.interval(at(low), at((low + high) / 2), at(high), line, look)
    drawing.line(at(0), 200, at(0), 254, "l-soft", dashes="4 3")
    drawing.text(at(0), 270, "no difference", "soft middle")
    return str(drawing)


def rows_of(scores: "numpy.ndarray", name: str) -> list[dict[str, object]]:
    """Return a run whose examples nobody else has, as `compare` reads it."""
    return [
        {
            "score": "tone",
            "type": "number",
            "example_id": f"{name}{number}",
            "n": 1,
            "sum": float(value),
            "sum_squares": float(value * value),
        }
        for number, value in enumerate(scores)
    ]


def power() -> str:
    """Draw which differences a run can show, by examples and trials."""
    drawing = Drawing(680, 270, "The smallest difference that a run is likely to show")
    x, y = Scale(numpy.log(20), numpy.log(2000), 60, 590), Scale(0, 0.3, 215, 20)
    for value in (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        drawing.line(60, y(value), 590, y(value))
        drawing.text(52, y(value) + 4, f"{value * 100:.0f} pp", "soft end")
    sizes = numpy.geomspace(20, 2000, 60)
    looks = {1: "bad", 3: "main", 10: "other"}
    for n_trials, look in looks.items():
        points = [(x(numpy.log(n)), y(visible(round(n), n_trials))) for n in sizes]
        inside = [point for point in points if point[1] >= y(0.3)]
        drawing.path(inside, f"l-{look}")
        name = f"{n_trials} trial" + "s" * (n_trials > 1)
        drawing.text(596, inside[-1][1] + {1: -2, 3: 4, 10: 14}[n_trials], name, look)
    for n in (20, 50, 100, 200, 500, 1000, 2000):
        drawing.text(x(numpy.log(n)), 234, f"{n:,}", "soft middle")
    drawing.text(325, 256, "examples", "soft middle")
    return str(drawing)


def visible(n_examples: int, n_trials: int) -> float:
    """Return what can be seen of yes/no answers that vary from trial to trial."""
    found = detectable_difference(
        n_examples=n_examples, trials=n_trials, within_sd=0.35
    )
    assert found is not None
    return found


def luck() -> str:
    """Draw twenty scores of two equal systems, before and after the correction."""
    random = numpy.random.default_rng(11)
    raw = sorted(float(p) for p in random.uniform(size=20))
    adjusted = holm(raw)
    drawing = Drawing(680, 170, "Twenty scores of two equal systems")
    at = Scale(0, 1, 190, 650)
    drawing.box(at(0), 20, at(0.05) - at(0), 95, "tint")
    for y, name, values in ((45, "p", raw), (90, "p_adjusted (Holm)", adjusted)):
        n_alarms = sum(p < 0.05 for p in values)
        drawing.text(20, y, name, "strong")
        alarms = "1 false alarm" if n_alarms == 1 else f"{n_alarms} false alarms"
        drawing.text(20, y + 17, alarms, "bad" if n_alarms else "soft")
        drawing.line(at(0), y, at(1), y)
        for p in values:
            drawing.dot(at(p), y, "bad" if p < 0.05 else "main", radius=4)
    for value in (0, 0.05, 0.25, 0.5, 0.75, 1):
        drawing.text(at(value), 136, f"{value:g}", "soft middle")
    drawing.text(20, 160, "twenty scores of two systems that are equal: luck alone")
    return str(drawing)


PICTURES = {
    "statistics-intervals": intervals,
    "statistics-trials": trials,
    "statistics-pairing": pairing,
    "statistics-power": power,
    "statistics-luck": luck,
}
