"""Numbers are written short, with their unit, and a dash where none is known."""

import pytest

from dashboard.shaping import numbers


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.25, "0.2 ms"),
        (0.1, "0.1 ms"),
        (0.049, "49 µs"),
        (0.001, "1 µs"),
        (0.0004, "<1 µs"),
        (-0.049, "−49 µs"),
        (-1_500, "−1.50 s"),
        (12.4, "12 ms"),
        (999, "999 ms"),
        (1_500, "1.50 s"),
        (90_000, "1.5 min"),
        (7_200_000, "2.0 h"),
    ],
)
def test_a_duration_is_in_the_unit_that_reads_best(
    ms: float | None, written: str
) -> None:
    assert numbers.duration(ms) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (999, "999"),
        (1_000, "1k"),
        (12_345, "12.3k"),
        (999_999, "1M"),
        (4_210_000, "4.21M"),
    ],
)
def test_a_large_count_has_three_figures(value: float | None, written: str) -> None:
    assert numbers.compact(value) == written


@pytest.mark.parametrize(
    ("usd", "written"),
    [
        (None, "–"),
        (0, "$0.00"),
        (1234.5, "$1,234.50"),
        (0.047, "$0.047"),
        (0.000088, "$0.000088"),
        (0.00000014, "<$0.000001"),
    ],
)
def test_money_keeps_figures_that_differ_from_zero(
    usd: float | None, written: str
) -> None:
    assert numbers.money(usd) == written


def test_a_change_needs_a_base_and_calls_noise_steady() -> None:
    assert numbers.change(12, 10) == "+20%"
    assert numbers.change(7.7, 10) == "−23%"
    assert numbers.change(10.01, 10) == numbers.STEADY
    assert numbers.change(5, 0) is None
    assert numbers.change(None, 3) is None


def test_a_difference_carries_its_sign() -> None:
    assert numbers.signed(0.12) == "+0.120"
    assert numbers.signed(-0.04) == "−0.040"
    assert numbers.signed(900_000.5) == "+900,000"
    assert numbers.signed(-250, numbers.duration) == "−250 ms"
    assert numbers.points(-0.0123, "pp") == "−1.2 pp"


def test_what_is_negative_has_a_minus_sign_and_no_hyphen() -> None:
    writers = (
        *(numbers.count, numbers.compact, numbers.duration, numbers.money),
        *(numbers.percent, numbers.figure, numbers.two_decimals, numbers.signed),
    )
    for write in writers:
        shown = write(-12.5)
        assert shown.startswith("−"), write
        assert "-" not in shown + write(-0.0), write


def test_what_is_next_to_nothing_has_no_sign() -> None:
    assert numbers.two_decimals(-0.004) == "0.00"
    assert numbers.money(-0.0) == "$0.00"


@pytest.mark.parametrize(
    ("end", "written"),
    [(0.66, "0.660"), (1, "1.00"), (12, "12.0"), (123.4, "123"), (-0.5, "−0.500")],
)
def test_ends_of_intervals_have_as_many_digits_each(end: float, written: str) -> None:
    assert numbers.three_digits(end) == written


def test_a_large_score_has_no_decimals() -> None:
    assert numbers.figure(0.12345) == "0.123"
    assert numbers.figure(613_543.832) == "613,544"
    assert numbers.figure(1_488.619) == "1,489"
    assert numbers.signed(-1_488.619) == "−1,489"
    assert numbers.figure(1.5e300) == "1.5e+300"
