import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text("utf-8")


def test_examples_of_the_page_run_in_order(sent: Any, capsys: Any) -> None:
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, names)
    assert names["log"].summary["correct"].n == 6
    assert names["found"].name == "exact"
    assert "exact" in capsys.readouterr().out
