"""Agreement of several annotators, against published values."""

import pytest

from tracer.stats import agreement, annotator_agreement

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", page 5
OBSERVED = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
ANNOTATIONS = [
    (unit, who, int(value))
    for who, line in OBSERVED.items()
    for unit, value in enumerate(line.split())
    if value != "."
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("interval", 0.849)])
def test_alpha_is_as_published(level: str, alpha: float) -> None:
    found = annotator_agreement(ANNOTATIONS, level=level)
    assert found is not None
    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert (found.n_items, found.n_answers, found.n_annotators) == (11, 40, 4)
    assert found.alpha_ci95 is not None
    assert found.alpha_ci95[0] < alpha < found.alpha_ci95[1]


def test_items_on_which_not_all_said_the_same_are_named() -> None:
    found = annotator_agreement(ANNOTATIONS)
    assert found is not None
    assert found.disagreements == (1, 5, 7)


def test_two_annotators_have_cohens_kappa_and_the_share_that_is_equal() -> None:
    said = [("yes", "yes")] * 6 + [("no", "no")] * 3 + [("yes", "no")] * 3
    rows = [
        (item, who, value)
        for item, both in enumerate(said)
        for who, value in zip("ab", both, strict=True)
    ]
    found = annotator_agreement(rows)
    known = agreement((item, *both) for item, both in enumerate(said))
    assert found is not None
    assert known is not None
    assert found.kappas == {("a", "b"): (known.kappa, 12)}
    assert found.exact == known.exact == 0.75
    assert found.exact_ci95 == known.exact_ci95


def test_where_all_said_one_thing_alpha_shows_nothing() -> None:
    rows = [(item, who, True) for item in range(20) for who in "ab"]
    found = annotator_agreement(rows)
    assert found is not None
    assert (found.exact, found.alpha, found.alpha_ci95) == (1.0, None, None)


def test_without_an_item_that_two_saw_there_is_nothing_to_tell() -> None:
    assert annotator_agreement([("item", "a", 1), ("other", "b", 1)]) is None


@pytest.mark.parametrize(("n", "has_interval"), [(2, False), (9, False), (10, True)])
def test_below_ten_items_have_no_interval(n: int, has_interval: bool) -> None:
    found = annotator_agreement(
        [(item, who, item * (who == "a")) for item in range(n) for who in "ab"]
    )
    assert found is not None and found.alpha is not None
    assert (found.alpha_ci95 is not None) is has_interval


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="nominal, interval"):
        annotator_agreement([], level="ordinal")
