"""What annotators are asked in a queue, and whether an answer fits the question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.api.refusals import Refusal

KINDS: Final = ("yes_no", "scale", "labels", "text")
LANGUAGES: Final = ("en", "ko")
MOST_FIELDS: Final = 12
MOST_STEPS: Final = 10
"""Steps of a scale, and labels to choose from: a key of the keyboard for each."""

MOST_CHARS: Final = 20_000
_KEYS: Final = frozenset(
    {"name", "kind", "title", "min", "max", "labels", "required", "corrects"}
)


def read_form(form: object) -> list[dict[str, Any]]:
    """Return a queue's questions, complete.

    Raises:
        Refusal: 422 if one of them cannot be asked; it names the field.
    """
    if not isinstance(form, list) or not 0 < len(form) <= MOST_FIELDS:
        raise _unfit("form", form, f"give a list of 1 to {MOST_FIELDS} fields")
    fields = [_field(one) for one in form]
    names = [one["name"] for one in fields]
    for name in names:
        if names.count(name) > 1:
            raise _unfit("form", name, "give each field a name of its own")
    if sum(one["corrects"] for one in fields) > 1:
        raise _unfit("form", names, "one field at most may correct the output")
    return fields


def _field(given: object) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise _unfit("form", given, "give each field as an object")
    if unknown := given.keys() - _KEYS:
        raise _unfit("form", sorted(unknown), f"a field has {', '.join(sorted(_KEYS))}")
    name, kind = given.get("name"), given.get("kind")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 100:
        raise _unfit("name", name, "name the score that the answers become")
    if kind not in KINDS:
        raise _unfit("kind", kind, f"use one of {', '.join(KINDS)}")
    corrects = given.get("corrects", False)
    if not isinstance(corrects, bool) or (corrects and kind != "text"):
        raise _unfit("corrects", corrects, "only a field of kind text corrects")
    required = given.get("required", kind != "text")
    if not isinstance(required, bool):
        raise _unfit("required", required, "give true or false")
    low, high = _scale(given) if kind == "scale" else (None, None)
    return {
        "name": name.strip(),
        "kind": kind,
        "title": _title(given.get("title"), name.strip()),
        "min": low,
        "max": high,
        "labels": _labels(given.get("labels")) if kind == "labels" else [],
        "required": required,
        "corrects": corrects,
    }


def _title(title: object, name: str) -> dict[str, str]:
    """Return the question in each language; a text is the question in all."""
    if title is None or title == "":
        title = name
    if isinstance(title, str):
        return dict.fromkeys(LANGUAGES, title)
    if not isinstance(title, Mapping) or not all(
        language in LANGUAGES and isinstance(text, str)
        for language, text in title.items()
    ):
        raise _unfit("title", title, 'give text, or {"en": "…", "ko": "…"}')
    said = next((text for text in title.values() if text), name)
    return {language: title.get(language) or said for language in LANGUAGES}


def _scale(given: Mapping[str, Any]) -> tuple[int, int]:
    low, high = given.get("min", 1), given.get("max", 5)
    are_whole = all(type(end) is int for end in (low, high))
    if not are_whole or not 0 < high - low < MOST_STEPS:
        raise _unfit(
            "scale", [low, high], f"give whole ends, {MOST_STEPS} steps at most"
        )
    return low, high


def _labels(labels: object) -> list[str]:
    fit = isinstance(labels, list) and all(
        isinstance(one, str) and 0 < len(one.strip()) <= 100 for one in labels
    )
    if not fit or not isinstance(labels, list) or not 2 <= len(labels) <= MOST_STEPS:
        raise _unfit("labels", labels, f"give 2 to {MOST_STEPS} texts")
    found = [one.strip() for one in labels]
    if len(set(found)) < len(found):
        raise _unfit("labels", labels, "give each label once")
    return found


def read_answers(form: Sequence[Mapping[str, Any]], given: object) -> dict[str, Any]:
    """Return field → answer, of the fields that were answered.

    Raises:
        Refusal: 422 if an answer does not fit its field, or a required one is missing.
    """
    if not isinstance(given, Mapping):
        raise _wrong("answers", given, "give an object: name of the field → answer")
    if unknown := given.keys() - {one["name"] for one in form}:
        raise _wrong(sorted(unknown)[0], "…", "the queue's form has no such field")
    found = {}
    for one in form:
        answer = given.get(one["name"])
        if answer is None or answer == "":
            if one["required"]:
                raise _wrong(one["name"], answer, "this field must be answered")
            continue
        found[one["name"]] = _answer(one, answer)
    if not found:
        raise _wrong("answers", {}, "answer a field, or skip the item")
    return found


def _answer(one: Mapping[str, Any], answer: object) -> bool | float | str:
    kind, name = one["kind"], one["name"]
    if kind == "yes_no" and isinstance(answer, bool):
        return answer
    if kind == "scale" and isinstance(answer, int | float):
        if not isinstance(answer, bool) and one["min"] <= answer <= one["max"]:
            return float(answer)
    if kind == "labels" and isinstance(answer, str) and answer in one["labels"]:
        return answer
    if kind == "text" and isinstance(answer, str) and len(answer) <= MOST_CHARS:
        return answer
    hints = {
        "yes_no": "give true or false",
        "scale": f"give a number from {one['min']} to {one['max']}",
        "labels": f"use one of {', '.join(one['labels'])}",
        "text": f"give text of {MOST_CHARS} characters at most",
    }
    raise _wrong(name, answer, hints[kind])


def _unfit(key: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    message = f"{key} {shown} does not fit a queue"
    return Refusal(422, "bad_queue", message, hint=hint)


def _wrong(key: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    return Refusal(422, "bad_answer", f"{key}: {shown} is no answer", hint=hint)
