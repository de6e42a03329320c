"""Judges as a form: from a ready one, or a stored one, to the definition of another."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.grading import choosing
from tracer.judges import READY, Rubric
from tracer.judges._rubric import PARTS

Row = Mapping[str, Any]
Definition = dict[str, Any]
_NONE: Final[Mapping[str, Cell]] = {}

CLAIMS: Final = (
    "faithfulness",
    "answer_relevancy",
    "context_precision",
    "context_recall",
)
TEMPLATES: Final = (
    "rag",
    *CLAIMS,
    *(f"rubric.{name}" for name in READY),
    "rubric.own",
    "checklist",
    "labels",
)
"""What a new judge can be made from."""

_OWN: Final[Mapping[str, Definition]] = {
    "en": {
        "name": "helpful",
        "criteria": "Does the output help the customer?",
        "levels": {"1": "Not at all.", "3": "In part.", "5": "Completely."},
    },
    "ko": {
        "name": "helpful",
        "criteria": "출력이 고객에게 도움이 되는가?",
        "levels": {
            "1": "전혀 도움이 되지 않는다.",
            "3": "일부 도움이 된다.",
            "5": "완전히 해결된다.",
        },
    },
}
_QUESTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "polite": "Is it polite?",
        "answers": "Does it answer the question?",
    },
    "ko": {"polite": "정중한가?", "answers": "질문에 답하는가?"},
}
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "answered": "The question is answered.",
        "refused": "The answer is refused.",
        "asked_back": "It asks for more.",
    },
    "ko": {
        "answered": "질문에 답했다.",
        "refused": "답변을 거절했다.",
        "asked_back": "되물었다.",
    },
}


def template(name: str, language: str) -> Definition:
    """Return the definition that a new judge begins with; the model is still open."""
    kind, _, rubric = name.partition(".")
    definition: Definition = {"kind": kind, "language": language}
    if kind == "rubric":
        own = {"needs": ["question", "output"], "version": "1", **_OWN[language]}
        ready = own if rubric == "own" else Rubric.ready(rubric, language).to_dict()
        definition["rubric"] = {"language": language, **ready}
        del definition["language"]  # the rubric has it
    elif kind == "checklist":
        definition |= {"questions": dict(_QUESTIONS[language]), "name": "checklist"}
    elif kind == "labels":
        definition |= {"labels": dict(_LABELS[language]), "name": "outcome"}
    if kind in ("checklist", "labels"):
        definition |= {"needs": ["question", "output"], "version": "1"}
    return definition


def suggested_id(name: str, language: str) -> str:
    """Return a name for the judge of a template."""
    kind, _, rubric = name.partition(".")
    told = rubric if rubric not in ("", "own") else kind
    return f"{told}-{language}" if language != "en" else told


def language_of(definition: Row) -> str:
    """Return the language of a judge's prompts."""
    rubric = definition.get("rubric")
    inner = rubric if isinstance(rubric, Mapping) else {}
    return str(definition.get("language") or inner.get("language") or "en")


def rubric_of(definition: Row) -> Definition:
    """Return the rubric of a definition as a table, a ready one too."""
    rubric = definition["rubric"]
    if isinstance(rubric, Mapping):
        return dict(rubric)
    return Rubric.ready(rubric, language_of(definition)).to_dict()


def model_of(definition: Row) -> Definition:
    """Return what a definition says of its model, as a table."""
    model = definition.get("model")
    if isinstance(model, str):
        return {"model": model}
    return dict(model) if isinstance(model, Mapping) else {}


def with_model(
    definition: Row,
    name: str,
    *,
    input_usd: float | None,
    output_usd: float | None,
    repeats: int,
) -> Definition:
    """Return a definition with its model; everything else that it says is kept."""
    model = {**model_of(definition), "model": name}
    model.pop("price", None)
    if input_usd is not None and output_usd is not None:
        prices = {"input_usd_per_mtok": input_usd, "output_usd_per_mtok": output_usd}
        model["price"] = prices
    kept = {key: one for key, one in definition.items() if key != "repeats"}
    more = {"repeats": repeats} if repeats > 1 else {}
    return {**kept, "model": model, **more}


def pairs(table: Iterable[Row], first: str, second: str) -> dict[str, str]:
    """Return the rows of an edited table as name → text, without empty ones."""
    found = {}
    for row in table:
        name, text = str(row.get(first) or "").strip(), row.get(second)
        if name and text:
            found[name] = str(text)
    return found


def parts_in_order(chosen: Iterable[str]) -> list[str]:
    """Return parts of a row in the order in which a judge sees them."""
    wanted = set(chosen)
    return [part for part in PARTS if part in wanted]


def next_version(version: str) -> str:
    """Return the version after one: its last number is one more."""
    found = re.search(r"(\d+)$", version)
    if found is None:
        return f"{version}.2"
    return f"{version[: found.start()]}{int(found[1]) + 1}"


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of judges."""
    return [
        Column("id", texts["id"], "minmax(120px, max-content)"),
        Column("about", texts["about"], "minmax(200px, 1.6fr)"),
        Column("criteria", texts["criteria"], "minmax(160px, 2fr)"),
        Column(
            "agrees",
            texts["agrees"],
            "max-content",
            help=texts["agrees_help"],
        ),
        Column("version", texts["version"], "max-content", end=True),
        Column("at", texts["at"], "max-content"),
        Column("author", texts["author"], "max-content", from_px=900),
    ]


def rows(
    found: Iterable[Row], *, agreed: Mapping[str, Cell] = _NONE
) -> list[dict[str, Any]]:
    """Return judges as rows of a table; a row's id is ``project/id``.

    Args:
        found: The judges.
        agreed: Id of a judge → how far it agrees with people, where that is known.
    """
    return [
        cells.row(
            f"{row['project']}/{row['id']}",
            id=cells.words(row["id"]),
            about=cells.words(choosing.about_judge(row["definition"])),
            criteria=cells.words(criteria(row["definition"]), soft=True),
            agrees=agreed.get(row["id"]),
            version=cells.words(row["version"]),
            at=cells.moment(row["at"]),
            author=cells.words(row["author"], soft=True),
        )
        for row in found
    ]


def criteria(definition: Row) -> str:
    """Return what a judge looks at, in one line."""
    if definition.get("kind") == "rubric":
        return str(rubric_of(definition).get("criteria", ""))
    for key in ("questions", "labels"):
        if isinstance(told := definition.get(key), Mapping):
            return " · ".join(map(str, told.values()))
    rubrics: Sequence[Any] = definition.get("rubrics") or ()
    return ", ".join(
        str(one.get("name") if isinstance(one, Mapping) else one) for one in rubrics
    )
