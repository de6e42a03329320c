import pytest

from tracer.errors import ConfigurationError
from tracer.gate import parse_requirement


@pytest.mark.parametrize(
    ("text", "figure", "is_floor", "bound", "is_ratio"),
    [
        ("correct >= -0.02", "correct", True, -0.02, False),
        ("latency_p95_ms <= 1.1x", "latency_p95_ms", False, 1.1, True),
        ("cost_usd<1x", "cost_usd", False, 1.0, True),
        ("말투.예의 > +.5", "말투.예의", True, 0.5, False),
        ("a >= b >= 1e-3", "a >= b", True, 0.001, False),
    ],
)
def test_a_requirement_is_a_figure_a_side_and_a_bound(
    text: str, figure: str, is_floor: bool, bound: float, is_ratio: bool
) -> None:
    found = parse_requirement(text)
    assert (found.figure, found.is_floor) == (figure, is_floor)
    assert (found.bound, found.is_ratio) == (bound, is_ratio)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "correct",
        "correct >= much",
        ">= 1",
        "c == 1",
        "c >= 1y",
        "c <= 0x",
        "c => 0",
        "c =< 1",
    ],
)
def test_what_is_no_requirement_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError, match="correct >= -0.02|above 0"):
        parse_requirement(text)


def test_a_percentile_is_read_off_the_name_unless_a_score_is_called_so() -> None:
    asked = parse_requirement("latency_p95_ms <= 1.1x")
    assert asked.quantile(()) == 0.95
    assert asked.quantile({"latency_p95_ms"}) is None
    with pytest.raises(ConfigurationError, match="latency_p1_ms"):
        parse_requirement("latency_p0_ms <= 1x")
