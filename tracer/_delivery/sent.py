"""What became of batches that were sent together, before it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracer._delivery.outage import Outage
from tracer._delivery.records import Batch, Lane
from tracer._delivery.tally import Tally
from tracer._delivery.transport import Answer, Verdict


@dataclass(slots=True)
class Sent:
    """One batch: the answers to it, or to its parts if it had to be split."""

    left: list[Batch] = field(default_factory=list)
    """What nobody took; it is sent again."""
    taken: list[tuple[Batch, Answer]] = field(default_factory=list)
    """What the receiver has."""
    aside: list[tuple[Batch, str]] = field(default_factory=list)
    """What it will never take, and why."""
    answers: list[tuple[Lane, Answer]] = field(default_factory=list)
    """Every answer, in order."""


def judge(
    sent: Sequence[Sent], outage: Outage, *, no_logs: Outage, tally: Tally
) -> None:
    """Note once what all answers of one round together say of the receiver.

    Requests that failed beside each other are one failure, and a success beside them
    does not undo how long the receiver asks to be left alone.
    """
    answers = [answer for one in sent for _, answer in one.answers]
    logs = [answer for one in sent for lane, answer in one.answers if lane == "logs"]
    _judge_all(answers, outage, tally)
    _judge_logs(logs, no_logs, tally)


def _judge_all(answers: list[Answer], outage: Outage, tally: Tally) -> None:
    failed = [one for one in answers if one.verdict in (Verdict.AWAY, Verdict.FAULT)]
    away = [one for one in answers if one.verdict is Verdict.AWAY]
    is_there = len(failed) < len(answers)
    if not answers:
        return
    if failed:
        _tell(None, failed[0], tally)
    else:
        tally.troubles.pop(None, None)
    if away or not is_there:
        if is_there:
            outage.note_progress()
        first = (away or failed)[0]
        waits = [one.retry_after_s for one in failed if one.retry_after_s is not None]
        outage.note_failure(
            first.reason,
            trouble=first.trouble,
            retry_after_s=max(waits, default=None),
        )
    else:
        outage.note_success()


def _judge_logs(answers: list[Answer], no_logs: Outage, tally: Tally) -> None:
    nowhere = [one for one in answers if one.verdict is Verdict.NOT_HERE]
    if nowhere:
        _tell("logs", nowhere[0], tally)
        no_logs.note_failure(nowhere[0].reason, trouble=nowhere[0].trouble)
    elif any(o.verdict in (Verdict.ACCEPTED, Verdict.REFUSED) for o in answers):
        tally.troubles.pop("logs", None)
        no_logs.note_success()


def _tell(whose: Lane | None, answer: Answer, tally: Tally) -> None:
    tally.troubles[whose] = f"the collector {answer.trouble}: {answer.reason}"
