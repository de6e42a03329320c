"""The editor of one judge: its criteria, its model, what the model will be told."""

from collections.abc import Mapping
from typing import Any

import pandas
import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import heading, states
from dashboard.parts.grading import trial
from dashboard.shaping.grading import judges
from dashboard.shaping.markdown import plain
from dashboard.texts import LANGUAGES, section, spoken, text
from tracer.errors import ConfigurationError
from tracer.judges._rubric import PARTS
from tracer.judges.definition import check_definition

Row = data.Row
_NAME_PX = 150
_TEXT_PX = 900
"""Widths of a table of texts; they share what room there is in this proportion."""


def new(project: str) -> None:
    """Draw the choice of what a new judge is made from, then its editor."""
    _back()
    heading.draw(text("judges.new"))
    left, right = st.columns([3, 1])
    names = section("judges.templates")
    with left:
        chosen = st.selectbox(
            text("judges.template"),
            judges.TEMPLATES,
            format_func=lambda name: _template_name(name, names),
            key="judge-template",
        )
    with right:
        language = st.selectbox(
            text("judges.language"),
            LANGUAGES,
            index=LANGUAGES.index(spoken()),
            format_func=section("languages").__getitem__,
            key="judge-language",
        )
    definition = judges.template(chosen, language)
    key = f"new-{chosen}-{language}"
    judge_id = st.text_input(
        text("judges.id"),
        value=judges.suggested_id(chosen, language),
        help=text("judges.id_help"),
        key=f"{key}-id",
    ).strip()
    # The model stays while templates are tried, and while the page is drawn anew.
    made = _form(definition, key=key, model_key="new")
    _save(judge_id, made, project, replaces=0)
    _below(made, project)


def _template_name(name: str, names: Mapping[str, str]) -> str:
    kind, _, rubric = name.partition(".")
    if kind != "rubric" or rubric == "own":
        return names["own" if rubric else kind]
    return f"{names['rubric']}: {rubric}"


def edit(row: Row) -> None:
    """Draw the editor of a stored judge."""
    _back()
    with heading.with_tools(plain(row["id"])):
        wants_deletion = roles.may("edit") and st.button(
            text("judges.delete"), icon=":material/delete:", key="delete"
        )
    if not roles.may("edit"):
        states.for_editors()
    key = f"edit-{row['project']}-{row['id']}-{row['version']}"
    made = _form(row["definition"], key=key)
    _version_hint(row["definition"], made)
    _save(row["id"], made, row["project"], replaces=row["version"])
    _below(made, row["project"], stored=row)
    if wants_deletion:  # last: a press in a dialog is lost while the page is drawn
        st.dialog(text("judges.delete_title"))(_confirm)(row)


def _form(definition: Row, *, key: str, model_key: str | None = None) -> Row:
    """Draw a definition as a form; return what it says now.

    Args:
        definition: What the form says at first.
        key: Identity of its widgets.
        model_key: The same of those about the model, if it is another.
    """
    made = dict(definition)
    kind = definition["kind"]
    if kind == "rubric":
        made["rubric"] = _rubric(judges.rubric_of(definition), key=key)
    elif kind in ("checklist", "labels"):
        made |= _list(definition, key=key)
    else:
        st.caption(section("judges.abouts").get(kind, ""))
    return _model(made, key=model_key or key)


def _is_locked() -> bool:
    """Return whether the fields only show: to who may not change a judge."""
    return not roles.may("edit")


def _rubric(rubric: Row, *, key: str) -> Row:
    named = _named(rubric, key=key)
    criteria = st.text_area(
        text("judges.criteria"),
        value=rubric["criteria"],
        height=90,
        key=f"{key}-criteria",
        disabled=_is_locked(),
    )
    levels = rubric["levels"].items()
    table = _table(
        [{"level": str(level), "meaning": told} for level, told in levels],
        {"level": text("judges.level"), "meaning": text("judges.meaning")},
        key=f"{key}-levels",
    )
    return {
        **rubric,
        **named,
        "criteria": criteria,
        "levels": judges.pairs(table, "level", "meaning"),
    }


def _list(definition: Row, *, key: str) -> Row:
    what = "questions" if definition["kind"] == "checklist" else "labels"
    named = _named(definition, key=key)
    table = _table(
        [{"name": one, "told": told} for one, told in definition[what].items()],
        {"name": text(f"judges.{what}_name"), "told": text(f"judges.{what}_told")},
        key=f"{key}-list",
    )
    return {**named, what: judges.pairs(table, "name", "told")}


def _named(told: Row, *, key: str) -> Row:
    name, needs, version = st.columns([2, 4, 1])
    with name:
        score = st.text_input(
            text("judges.score"),
            value=told.get("name", ""),
            key=f"{key}-name",
            disabled=_is_locked(),
        )
    with needs:
        shown = st.multiselect(
            text("judges.needs"),
            PARTS,
            default=list(told.get("needs") or ("output",)),
            format_func=section("grading.columns").__getitem__,
            key=f"{key}-needs",
            disabled=_is_locked(),
        )
    with version:
        number = st.text_input(
            text("judges.version"),
            value=str(told.get("version", "1")),
            help=text("judges.version_help"),
            key=f"{key}-version",
            disabled=_is_locked(),
        )
    needed = judges.parts_in_order(shown)
    return {"name": score.strip(), "needs": needed, "version": number.strip()}


def _table(rows: list[Row], labels: Mapping[str, str], *, key: str) -> list[Row]:
    """Draw a table of texts to edit; return its rows."""
    edited = st.data_editor(
        pandas.DataFrame(rows, columns=list(labels), dtype="string"),
        column_config={
            name: st.column_config.TextColumn(
                label, width=_NAME_PX if number == 0 else _TEXT_PX
            )
            for number, (name, label) in enumerate(labels.items())
        },
        num_rows="dynamic",
        disabled=_is_locked(),
        hide_index=True,
        width="stretch",
        key=key,
    )
    found: list[Row] = edited.fillna("").to_dict("records")
    return found


def _model(definition: Row, *, key: str) -> Row:
    told = judges.model_of(definition)
    price = told.get("price") or {}
    name, read, written, repeats = st.columns([3, 1.2, 1.2, 1])
    with name:
        model = st.text_input(
            text("judges.model"),
            value=told.get("model", ""),
            placeholder="gpt-4o-mini",
            key=f"{key}-model",
            disabled=_is_locked(),
        ).strip()
    listed = data.price(model) if model else None
    shown = text("judges.from_list") if listed else None
    with read:
        input_usd = _usd(
            "judges.input_usd", price.get("input_usd_per_mtok"), shown, key
        )
    with written:
        output_usd = _usd(
            "judges.output_usd", price.get("output_usd_per_mtok"), shown, key
        )
    with repeats:
        times = st.number_input(
            text("judges.repeats"),
            1,
            10,
            int(definition.get("repeats") or 1),
            help=text("judges.repeats_help"),
            key=f"{key}-repeats",
            disabled=_is_locked(),
        )
    return judges.with_model(
        definition,
        model,
        input_usd=input_usd,
        output_usd=output_usd,
        repeats=int(times),
    )


def _usd(label: str, value: float | None, shown: str | None, key: str) -> float | None:
    found: float | None = st.number_input(
        text(label),
        min_value=0.0,
        value=value,
        step=0.01,
        format="%.3f",
        placeholder=shown or text("judges.no_price"),
        help=text("judges.price_help"),
        key=f"{key}-{label}",
        disabled=_is_locked(),
    )
    return found


def _version_hint(stored: Row, made: Row) -> None:
    """Say that the version is to change with the text, while it does not."""
    old, new = stored.get("rubric", stored), made.get("rubric", made)
    if not isinstance(old, Mapping) or "version" not in new:
        return
    texts = ("criteria", "levels", "questions", "labels", "needs")
    changed = any(_plain(old.get(one)) != _plain(new.get(one)) for one in texts)
    if changed and old.get("version", "1") == new["version"]:
        after = judges.next_version(str(new["version"]))
        st.info(text("judges.bump", version=after), icon=":material/difference:")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _save(judge_id: str, made: Row, project: str, *, replaces: int) -> None:
    if not roles.may("edit"):
        return
    problem = _problem(judge_id, made)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            text("judges.save"),
            type="primary",
            icon=":material/save:",
            disabled=problem is not None,
            key="judge-save",
        )
        if problem:
            st.caption(plain(problem))
    if pressed:
        data.save_judge(judge_id, made, project, replaces=replaces)
        address.change(judge=judge_id, of=project)
        st.session_state["judge-saved"] = judge_id
        st.rerun()


def _problem(judge_id: str, made: Row) -> str | None:
    """Return why a judge cannot be saved as it stands; None if it can."""
    if not judge_id:
        return text("judges.needs_id")
    if not judges.model_of(made).get("model"):
        return text("judges.needs_model")
    try:
        check_definition(made)
    except ConfigurationError as error:
        return str(error)
    return None


def _below(made: Row, project: str, *, stored: Row | None = None) -> None:
    """Draw what can be seen of a judge: its prompt, a trial, its agreement."""
    if _problem("any", made) is not None:
        return
    trial.draw(made, project)
    if stored is not None:
        trial.agreement(stored["definition"], project)


@states.explained()
def _confirm(row: Row) -> None:
    st.text(text("judges.delete_body", name=row["id"]))
    if st.button(text("judges.delete_confirm"), type="primary", key="confirm"):
        data.delete_judge(row["id"], row["project"])
        address.close("judge")
        st.rerun()


def _back() -> None:
    st.button(
        text("judges.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=address.close,
        args=("judge",),
    )
