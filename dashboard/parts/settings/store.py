"""What the store holds: projects and how long their rows stay, health, ledger."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import components, states
from dashboard.shaping import settings
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

MOST_DAYS = 36_500


def projects() -> None:
    """Draw every project with its size; a row opens how long its rows are kept."""
    found = data.projects()
    if not found:
        states.first_steps()
        return
    data.ahead(data.disk_and_health)
    retention = data.retention() if roles.may("admin") else None
    names = section("settings.projects")
    words = {
        "for_ever": text("settings.for_ever"),
        "days": text("counts.day"),
        "own": text("settings.own"),
    }
    if retention:
        _everywhere(retention["everywhere"])
    disk, health = data.disk_and_health()
    components.table(
        settings.project_columns(names),
        settings.project_rows(found, disk, retention, words=words),
        key="projects",
        label=text("settings.sections.projects"),
        on_open=(lambda name: address.put("edit", name)) if retention else None,
    )
    if said := settings.disk_sum(disk, health, names["sum"]):
        st.markdown(said)
    st.caption(names["note"])
    wanted = address.get("edit")
    if retention and wanted and wanted in {row["project"] for row in found}:
        edit = st.dialog(
            text("settings.retention_of", project=plain(wanted)), on_dismiss=_close
        )
        edit(_retention)(wanted, retention)


def _everywhere(ages: data.Row) -> None:
    def kept(n: int) -> str:
        return settings.days(
            n, for_ever=text("settings.for_ever"), form=text("counts.day")
        )

    budget = ages["disk_budget_bytes"]
    components.facts(
        [
            (text("settings.kept"), kept(ages["days"])),
            (text("settings.kept_runs"), kept(ages["evaluation_days"])),
            (
                text("settings.budget"),
                settings.size(budget) if budget else text("settings.no_budget"),
            ),
        ],
        key="everywhere",
        title=text("settings.everywhere"),
    )
    st.caption(text("settings.everywhere_help"))


@states.explained()
def _retention(project: str, retention: data.Row) -> None:
    own = next((row for row in retention["rows"] if row["project"] == project), None)
    ages = own or retention["everywhere"]
    days = st.number_input(
        text("settings.kept_days"), 0, MOST_DAYS, ages["days"], key="kept-days"
    )
    run_days = st.number_input(
        text("settings.kept_run_days"),
        0,
        MOST_DAYS,
        ages["evaluation_days"],
        key="kept-run-days",
    )
    # what a shorter age takes away is gone for good within the hour
    shorter = _is_shorter(days, ages["days"]) or _is_shorter(
        run_days, ages["evaluation_days"]
    )
    sure = not shorter or st.checkbox(text("settings.kept_sure"), key="kept-sure")
    with st.container(horizontal=True):
        if st.button(
            text("settings.save"), type="primary", disabled=not sure, key="kept-save"
        ):
            data.save_retention(project, days=int(days), evaluation_days=int(run_days))
            _close()
            st.rerun()
        if own and st.button(text("settings.follow"), key="kept-follow"):
            data.clear_retention(project)
            _close()
            st.rerun()


def _is_shorter(days: float, before: int) -> bool:
    return bool(days) and (not before or days < before)


def _close() -> None:
    address.put("edit", None)


def health() -> None:
    """Draw what the collector says of itself."""
    found = data.health()
    why = found.get("not_ready")
    if why:
        st.error(plain(why), title=text("settings.not_ready"), icon=":material/error:")
    else:
        st.success(text("settings.ready"), icon=":material/check_circle:")
    components.facts(
        settings.health_facts(found, section("settings.health")), key="health"
    )
    if found.get("disk_bytes") is not None:
        st.caption(text("settings.disk_counts"))
    index = found.get("text_index") or {}
    if index.get("state"):
        names = section("settings.text_index")
        done = f"{index.get('progress') or 0:.0%}"
        st.caption(names[index["state"]].format(done=done))
    st.button(
        text("settings.again"),
        icon=":material/refresh:",
        on_click=data.forget,
        key="again",
    )


def ledger() -> None:
    """Draw, process by process, whether what was sent is stored."""
    here = scope.current()
    rows = data.ledger(here.project)
    if not rows:
        st.info(text("settings.no_ledger"), icon=":material/inbox:")
        return
    wrong = [row for row in rows if row["verdict"] != "complete"]
    if wrong:
        st.warning(
            text("settings.ledger_wrong", n=len(wrong), all=len(rows)),
            icon=":material/warning:",
        )
    else:
        st.success(
            text("settings.ledger_right", all=len(rows)), icon=":material/check_circle:"
        )
    components.table(
        settings.ledger_columns(section("settings.ledger")),
        settings.ledger_rows(rows, section("settings.verdicts")),
        key="ledger",
        label=text("settings.sections.ledger"),
        height_px=560,
    )
    st.caption(text("settings.ledger_note"))
