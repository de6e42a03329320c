import re
from pathlib import Path
from typing import Any

from tracer import metrics

PAGE = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text("utf-8")


def test_examples_of_the_page_run_in_order(sent: Any, capsys: Any) -> None:
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, names)
    assert names["log"].summary["correct"].n == 6
    assert names["found"].name == "exact"
    assert "exact" in capsys.readouterr().out


def test_every_metric_is_on_the_page() -> None:
    assert [name for name in metrics.__all__ if f"`{name}`" not in PAGE] == []
