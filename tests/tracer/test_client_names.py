"""How things are named to `Client`, and what it says of those that are not there."""

import re
from pathlib import Path

import pytest

from tracer import Client
from tracer._client.api import in_python
from tracer.errors import NotFoundError


def test_what_is_not_found_is_named_with_the_method_that_lists_what_is(
    live: Client, project: str
) -> None:
    live.save_dataset("faq", [{"q": 1}], project=project)
    wanted = {
        "no evaluation 'nope' .Client.evaluations": lambda: live.evaluation("nope"),
        "no dataset 'nope' .Client.datasets": lambda: live.dataset("nope"),
        "'nope' .Client.dataset_versions.name. ": lambda: live.dataset("faq", "nope"),
        "no dataset 'no' .Client.data": lambda: live.edit_dataset(
            "no", project=project, base="v"
        ),
        "no session 'nope' .Client.sessions": lambda: live.session("nope"),
        "no alert rule 'x' .Client.alert_rules": lambda: live.delete_alert_rule(
            "x", project=project
        ),
        "no queue 'nope' .Client.queues": lambda: live.queue("nope", project=project),
    }
    for says, read in wanted.items():
        with pytest.raises(NotFoundError, match=says):
            read()


def test_the_methods_that_advice_names_are_methods() -> None:
    folder = Path(__file__).parents[2] / "collector"
    told = [
        hint
        for file in folder.rglob("*.py")
        for hint in re.findall(r'hint ?= ?f?"([^"]*GET /[^"]*)"', file.read_text())
        if "/chores/" not in hint
    ]
    assert len(told) > 5
    for hint in told:
        for kind in ("queue", "judge"):
            said = in_python(hint.replace("{kind}", kind))
            assert hasattr(Client, re.findall(r"Client\.(\w+)\(", said)[0]), said
