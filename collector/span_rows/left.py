"""Which spans Python leaves to the engine: those of senders with rules of their own.

What few senders do is written once, in the engine's SELECT; here it is only noticed.
"""

from collector.conventions import VENDORS, words_of
from collector.span_rows.attributes import LeftToEngine
from collector.span_rows.fields import metadata_prefix
from collector.span_rows.reading import SentSpan
from collector.storage.intake.expressions import WORDS
from tracer import semconv

_FIELDS = frozenset({"usage", "cost", "first_token_at", "stage", "run_name"})
"""Fields that only the engine reads."""

_PROVIDERS = frozenset(word for vendor in VENDORS for word in vendor.providers)
_HIDDEN = words_of("hidden")
_SCOPES = frozenset(words_of("fails_by_exception"))


def leave_to_engine(one: SentSpan, *, scope_name: str) -> None:
    """Say so if a span takes one of the engine's rules.

    Raises:
        LeftToEngine: it does.
    """
    if (
        not _FIELDS.isdisjoint(one.places)
        or _fails_by_exception(one, scope_name)
        or one.value("provider") in _PROVIDERS
        or any(one.value(name).startswith('"') for name in WORDS)
        or any(text.startswith(_HIDDEN) for text in one.attributes.texts)
        or _has_quoted_metadata(one)
    ):
        raise LeftToEngine("a rule of its sender")


def _fails_by_exception(one: SentSpan, scope_name: str) -> bool:
    return scope_name in _SCOPES and any(
        event.name == "exception" for event in one.span.events
    )


def _has_quoted_metadata(one: SentSpan) -> bool:
    return any(
        text.startswith('"')
        and metadata_prefix(key) not in ("", semconv.METADATA_PREFIX)
        for key, text, _ in one.attributes.members()
    )
