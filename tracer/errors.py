"""Every exception that tracer raises, one base for all.

TracerError
├── ConfigurationError      a setting or an argument is wrong   (also a ValueError)
├── MissingExtraError       an optional part is not installed   (also an ImportError)
├── JudgeError              a judge gives no judgement
│   ├── UnreadableJudgementError    what it answered cannot be read
│   └── SpendingLimitError          its spending limit is reached
└── CollectorError          the collector refused or is away
    ├── NotFoundError       nothing of that id or name
    └── ConflictError       somebody else wrote first
"""


class TracerError(Exception):
    """Base of every error that tracer raises."""


class ConfigurationError(TracerError, ValueError):
    """A setting or an argument is wrong; the message names it and what to write."""


class MissingExtraError(TracerError, ImportError):
    """Something optional is needed and not installed; the message names the extra."""


class JudgeError(TracerError):
    """A judge gives no judgement; its score is an error, never a guess."""


class UnreadableJudgementError(JudgeError):
    """What the judge model answered cannot be read, after one request to repair it."""


class SpendingLimitError(JudgeError):
    """One more request could go over the spending limit; none was made."""


class CollectorError(TracerError):
    """The collector refused a request, or could not be reached."""

    status: int | None
    """HTTP status of the answer; None if there was no answer."""

    code: str
    """The collector's word for the condition (``bad_filter``), else ``unreachable``."""

    hint: str
    """What to do about it; empty if nobody knows."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "unreachable",
        hint: str = "",
    ) -> None:
        super().__init__(f"{message} ({hint})" if hint else message)
        self.status = status
        self.code = code
        self.hint = hint


class NotFoundError(CollectorError):
    """The collector knows nothing of that id or name."""


class ConflictError(CollectorError):
    """A write named a version that is no longer the newest; read again, then write."""
