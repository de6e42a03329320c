"""Weave's Content: a text or bytes with a media type, as views take it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracer.evaluation._views import media_type


@dataclass(frozen=True)
class Content:
    """What `EvaluationLogger.set_view` takes besides a text."""

    data: bytes
    """The content as it is kept."""

    mimetype: str = "text/plain"
    """What it is."""

    metadata: dict[str, Any] = field(default_factory=dict)
    """Facts about it."""

    @classmethod
    def from_text(
        cls,
        text: str,
        extension: str | None = None,
        mimetype: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> "Content":
        """Return a text as content."""
        return cls.from_bytes(text.encode(), extension, mimetype, metadata)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        extension: str | None = None,
        mimetype: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> "Content":
        """Return bytes as content."""
        return cls(data, mimetype or media_type(extension), metadata or {})

    @classmethod
    def from_path(cls, path: str | Path, **given: Any) -> "Content":
        """Return a file as content."""
        extension = Path(path).suffix or None
        return cls.from_bytes(
            Path(path).read_bytes(), **({"extension": extension} | given)
        )

    def as_string(self) -> str:
        """Return the text of it, UTF-8."""
        return self.data.decode()
