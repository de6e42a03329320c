"""`tracer doctor --ledger`: what each process sent, against what is stored of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracer._delivery import last_words
from tracer._delivery.spooled import OURS, batch_of, is_to_be_sent
from tracer._setup import UNKNOWN_SERVICE

Row = Mapping[str, Any]
_MOST_NAMED = 10
_CUT_SHORT = "ended without a last word"


@dataclass
class OnDisk:
    """What lies on this machine's disk of one process."""

    n_items: int = 0
    """Items that wait to be sent."""

    n_aside: int = 0
    """Items that a collector refused."""

    is_ours: bool = False
    """Whether they are for the collector and project that are asked about."""


@dataclass(frozen=True)
class Account:
    """One process: what is known of it, and whether all is well."""

    is_well: bool
    """Whether everything that it sent is stored, as far as can be known."""

    text: str
    """For people, one line."""

    is_note: bool = False
    """Whether it may be no business of this collector's, or all is not known."""

    is_cut_short: bool = False
    """Whether it is known to have ended without a last word: killed, or `os._exit`."""

    def __str__(self) -> str:
        sign = "ok" if self.is_well else "!!"
        return f"{'--' if self.is_note else sign}  {self.text}"


def on_disk(root: Path | None, *, ours: Path | None = None) -> dict[str, OnDisk]:
    """Return what waits below the directory of all spools, by instance id.

    Args:
        root: The directory of all spools.
        ours: The one of the collector and project that are asked about.
    """
    found: dict[str, OnDisk] = defaultdict(OnDisk)
    for path in root.glob("*/*") if root is not None else ():
        if not OURS.fullmatch(path.name):
            continue
        batch = batch_of(path.name, b"")
        found[batch.instance_id].is_ours |= path.parent == ours
        if is_to_be_sent(path.name):
            found[batch.instance_id].n_items += batch.n_items
        else:
            found[batch.instance_id].n_aside += batch.n_items
    return found


def accounts(
    rows: Sequence[Row],
    root: Path | None,
    *,
    ours: Path | None,
    is_asked: Callable[[Row], bool] = lambda begun: False,
) -> Iterator[Account]:
    """Compare the collector's rows with what this machine knows; a line a process.

    Args:
        rows: The ledger of the collector.
        root: The directory of all spools; None if there is none.
        ours: The one of that collector and project.
        is_asked: Whether a process that has sent nothing is in question, by what it
            said as it began.
    """
    waiting = on_disk(root, ours=ours)
    ended = last_words.read(root) if root is not None else {}
    cut_short = _cut_short(root, ended)
    for row in rows:
        instance_id = row["instance_id"]
        here = waiting.pop(instance_id, OnDisk())
        is_cut = cut_short.pop(instance_id, None) is not None
        yield _account(row, here, ended.get(instance_id), is_cut=is_cut)
    for instance_id, begun in cut_short.items():
        if instance_id not in waiting and is_asked(begun):
            at = datetime.fromtimestamp(begun["begun_ns"] / 1e9, UTC)
            who = f"{instance_id[:12]}  {begun['project'] or 'default'}"
            text = f"{who}  {at:%m-%d %H:%M:%S}  nothing stored  ({_CUT_SHORT})"
            yield Account(True, text, is_note=True, is_cut_short=True)
    for instance_id, here in waiting.items():
        if here.n_items:
            whose = "" if here.is_ours else ", for this collector or another"
            text = f"{instance_id[:12]}  nothing stored since then; "
            text += _told_of_disk(here) + whose
            yield Account(not here.is_ours, text, is_note=not here.is_ours)


def _cut_short(root: Path | None, ended: Mapping[str, Row]) -> dict[str, Row]:
    """Return what processes said that ended without a last word, by instance id."""
    if root is None:
        return {}
    begun = last_words.read(root, name=last_words.BEGUN)
    return {
        instance_id: said
        for instance_id, said in begun.items()
        if instance_id not in ended and last_words.is_gone(said)
    }


def _account(row: Row, here: OnDisk, last: Row | None, *, is_cut: bool) -> Account:
    n_sent = row["n_sent"]
    notes = []
    if last is not None and last["n_items"] > n_sent:  # only the sender can know
        lacking = f"batches {row['last_batch'] + 1} to {last['n_batches']} did not come"
        notes.append(lacking)
        n_sent = last["n_items"]
    n_lacking, n_repeated = row.get("n_lacking", 0), row.get("n_repeated", 0)
    is_well = n_sent == row["n_stored"] and not row["n_missing_batches"]
    is_well = is_well and not n_lacking and not n_repeated
    if row["n_missing_batches"]:
        named = ", ".join(map(str, row["missing_batches"][:_MOST_NAMED]))
        more = " …" if row["n_missing_batches"] > _MOST_NAMED else ""
        notes.append(f"batches {named}{more} are missing")
    if row["n_rejected"]:
        notes.append(f"{row['n_rejected']:,} rejected")
    if n_lacking:
        notes.append(f"{n_lacking:,} of the batches that came are not there")
    if n_repeated:
        notes.append(f"{n_repeated:,} are stored twice")
    if here.n_items or here.n_aside:
        notes.append(_told_of_disk(here))
    if last is not None and last["n_dropped"]:
        notes.append("; ".join(last["errors"]))
        is_well = False
    sign = "=" if n_sent == row["n_stored"] else "≠"
    counts = f"{n_sent:,} sent {sign} {row['n_stored']:,} stored"
    service = row["service"]
    is_named = service and not service.startswith(UNKNOWN_SERVICE)
    name, project = (service, row["project"]) if is_named else (row["project"], "")
    where = f" in {project}" if project and project != name else ""
    who = f"{row['instance_id'][:12]}  {name}{where}"
    when = f"{row['first']:%m-%d %H:%M:%S} – {row['last']:%m-%d %H:%M:%S}"
    unsaid = _CUT_SHORT if is_cut else "no last word"
    ending = "" if last is not None else f"  ({unsaid})"
    text = "; ".join([f"{who}  {when}  {counts}{ending}", *notes])
    # it may have been killed with more in memory: what is known is well, and no more
    is_note = is_well and last is None
    return Account(is_well, text, is_note=is_note, is_cut_short=is_cut)


def _told_of_disk(here: OnDisk) -> str:
    told = []
    if here.n_items:
        told.append(f"{here.n_items:,} items wait on this disk")
    if here.n_aside:
        told.append(f"{here.n_aside:,} refused ones are set aside on this disk")
    return ", ".join(told)
