"""Write docs/senders.md from the tables: ``python tests/vendors/matrix.py``."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from vendors.fields import FIELDS
from vendors.tables import HERE, ROLES, Sender, load, names, recorded

PAGE = HERE.parents[1] / "docs" / "senders.md"
_HEAD = """\
# Senders

Every sender below was run for real: its own packages, against a local model server, one
small program alike for all (an answer with retrieval, a chat call that calls a tool, a
streamed answer, an embedding, a call that fails, in Korean). What it sent is kept in
`tests/vendors/recorded/` and goes through the collector's endpoint in the tests; this
page is made from the tables that those tests check (`python tests/vendors/matrix.py`).
`python tests/vendors/record.py NAME` records a sender anew with its newest packages.

**right**: shown as it happened at every step. **partly**: right at some steps or in
some parts, the rest is told below. **missing**: the sender sends nothing; why is told
below. Attributes are kept as they were sent in any case. A cost is the sender's own;
ours, from the price list, is there whenever model and usage are.
"""


def page() -> str:
    """Return the page's text."""
    senders = sorted(map(load, names()), key=lambda sender: sender.title.lower())
    seen = [sender for sender in senders if not sender.unrecorded]
    lines = [_HEAD, *_table(seen)]
    for sender in senders:
        lines += ["", f"## {sender.title}", "", *_about(sender)]
    return "\n".join(lines) + "\n"


def _table(senders: list[Sender]) -> Iterator[str]:
    yield "| field | " + " | ".join(sender.title for sender in senders) + " |"
    yield "|---" * (len(senders) + 1) + "|"
    for name, field in FIELDS.items():
        states = [state(sender, name) for sender in senders]
        yield f"| {field.title} | " + " | ".join(states) + " |"


def state(sender: Sender, name: str) -> str:
    """Return ``right``, ``partly`` or ``missing``."""
    gaps = [sender.gap(name, role) for role in FIELDS[name].roles]
    if not any(gaps):
        return "right"
    nothing = all(gap and gap.shown is None for gap in gaps)
    return "missing" if nothing else "partly"


def _about(sender: Sender) -> Iterator[str]:
    if sender.unrecorded:
        yield f"Not recorded: {sender.unrecorded}"
        return
    versions = recorded(sender.name, "versions")
    own = [f"{name} {versions[name]}" for name in sender.packages if name in versions]
    yield f"Recorded with {', '.join(own)}."
    if sender.note:
        yield ""
        yield sender.note
    yield ""
    for role in ROLES:
        if absent := sender.absence(role):
            yield f"- no span for the step `{role}`: {absent}"
    for name, field in FIELDS.items():
        yield from _gaps(sender, name, field.roles)


def _gaps(sender: Sender, name: str, roles: tuple[str, ...]) -> Iterator[str]:
    found = {
        role: gap
        for role in roles
        if (gap := sender.gap(name, role)) and not sender.absence(role)
    }
    whys = list(dict.fromkeys(gap.why for gap in found.values()))
    for why in whys:
        at = [role for role, gap in found.items() if gap.why == why]
        where = "" if len(at) == len(roles) else f" ({', '.join(at)})"
        yield f"- {FIELDS[name].title}{where}: {why}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
