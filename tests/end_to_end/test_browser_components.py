"""Components draw whatever a sender calls its things; no server stands behind them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.parts import components
from dashboard.parts.components import HERE
from dashboard.parts.review import form
from dashboard.texts import section

pytestmark = pytest.mark.browser

OWN_NAMES = ("constructor", "__proto__", "name", "copy", "toString")
"""What senders may call things, and every object of a browser has, or ours have."""


@pytest.fixture
def page(chromium: BrowserContext) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def draw(page: Page, markup: str, script: str, data: dict[str, Any]) -> None:
    """Mount a component as Streamlit would; what it tells stands in `told`."""
    page.set_content(markup)
    code = 'const LANGUAGE = "en"\nconst YES_NO = { yes: "yes", no: "no" }\n'
    code += (HERE / "base.js").read_text("utf-8") + script
    code = code.replace("export default function render", "function render")
    code += f"""
    const told = globalThis.told = []
    const tell = (what, said) => told.push([what, said])
    render({{ data: JSON.parse({json.dumps(json.dumps(data))}),
      parentElement: document.body, setTriggerValue: tell, setStateValue: tell }})"""
    page.evaluate(f"() => {{ {code} }}")


def test_a_score_is_read_out_by_its_own_name(page: Page) -> None:
    """A label `constructor` was read out as the browser's code of all objects."""
    script = (HERE / "table.js").read_text("utf-8")
    cells = [{"score": name, "open": "x", "title": name} for name in OWN_NAMES]
    data = {
        "columns": [{"key": str(n), "label": str(n)} for n in range(len(cells))],
        "rows": [{"id": "r", "cells": {str(n): one for n, one in enumerate(cells)}}],
        "labels": {"all": "", "pick": ""},
        "opens": True,
    }
    draw(page, components._MARKUP["table"], script, data)
    for name in OWN_NAMES:
        expect(page.get_by_role("button", name=name, exact=True)).to_have_text(name)


def test_a_field_of_an_input_keeps_its_name_whatever_that_is(page: Page) -> None:
    """A field `name` was called Messages, and a field `copy` Copy."""
    script = (HERE / "conversation.js").read_text("utf-8")
    parts = [{"type": "text", "text": "x", "title": name} for name in OWN_NAMES]
    parts.append({"type": "tool_call", "text": "{}", "title": "tool call"})
    titles = {"tool call": "도구 호출"}
    labels = {**section("conversation"), "titles": titles}
    data = {"messages": [{"role": "input", "parts": parts}], "labels": labels}
    draw(page, components._MARKUP["conversation"], script, data)
    expect(page.locator(".title")).to_have_text([*OWN_NAMES, "도구 호출"])


@pytest.mark.parametrize(("said", "side"), [("환불?", "left"), ("مرحبا", "right")])
def test_what_was_said_begins_at_the_side_of_its_language(
    page: Page, said: str, side: str
) -> None:
    script = (HERE / "conversation.js").read_text("utf-8")
    part = {"type": "text", "text": said}
    data = {
        "messages": [{"role": "user", "parts": [part]}],
        "labels": {**section("conversation"), "titles": {}},
    }
    draw(page, components._MARKUP["conversation"], script, data)
    page.add_style_tag(path=HERE / "conversation.css")
    left, right = page.evaluate(
        """() => {
            const body = document.querySelector(".body")
            const range = document.createRange()
            range.selectNodeContents(body)
            const [all, text] = [body, range].map(one => one.getBoundingClientRect())
            return [text.left - all.left, all.right - text.right]
        }"""
    )
    assert (left < right) == (side == "left")


def test_a_question_is_open_until_it_is_answered_whatever_its_name_is(
    page: Page,
) -> None:
    script = (form.HERE / "form.js").read_text("utf-8")
    fields = [
        {"name": name, "title": name, "kind": "yes_no", "required": True, "labels": []}
        for name in OWN_NAMES
    ]
    data = {
        "fields": fields,
        "item": "1",
        "turn": 0,
        "answers": {},
        "labels": dict(section("review.form")),
    }
    draw(page, '<div class="form" role="form"></div>', script, data)
    save = page.get_by_role("button", name="Save and next")
    for number in range(len(OWN_NAMES)):
        expect(save).to_be_disabled()
        page.get_by_role("radio", name="Yes").nth(number).click()
    save.click()
    [[what, said]] = json.loads(page.evaluate("JSON.stringify(told)"))
    assert what == "submitted"
    assert said["answers"] == dict.fromkeys(OWN_NAMES, True)
