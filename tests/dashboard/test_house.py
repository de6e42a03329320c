import pytest

from dashboard.up import check_installed, from_here
from tracer.errors import MissingExtraError


@pytest.mark.parametrize(
    ("announced", "reached"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318"),
        ("http://0.0.0.0:4318", "http://127.0.0.1:4318"),
        ("http://[::]:4318", "http://[::1]:4318"),
        ("http://10.0.0.5:4318", "http://10.0.0.5:4318"),
    ],
)
def test_a_part_that_listens_everywhere_is_reached_on_this_machine(
    announced: str, reached: str
) -> None:
    assert from_here(announced) == reached


def test_a_missing_extra_is_named_before_anything_starts() -> None:
    with pytest.raises(MissingExtraError, match=r"tracer-evals\[dashboard\]"):
        check_installed("no_such_module", extra="dashboard")
    check_installed("click", extra="dashboard")
