"""A drawing: shapes put together as SVG that is readable in light and in dark."""

from dataclasses import dataclass, field
from html import escape

STYLE = """
:root{--ink:#1b1f28;--soft:#5b6475;--line:#d5dae3;--fill:#f4f5fa;--main:#4757d6;
--other:#0f8f80;--bad:#d1344b;--tint:#4757d622}
@media (prefers-color-scheme:dark){:root{--ink:#e5e8ef;--soft:#a3adbd;--line:#3a4252;
--fill:#1b2029;--main:#8a96ff;--other:#33c7b5;--bad:#ff7085;--tint:#8a96ff33}}
text{font:13px system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif;
fill:var(--ink)}
.soft{fill:var(--soft);font-size:12px}.strong{font-weight:600}
.end{text-anchor:end}.middle{text-anchor:middle}
.main{fill:var(--main)}.other{fill:var(--other)}.bad{fill:var(--bad)}
.l-line{stroke:var(--line)}.l-soft{stroke:var(--soft)}.l-main{stroke:var(--main)}
.l-other{stroke:var(--other)}.l-bad{stroke:var(--bad)}
.box{fill:var(--fill);stroke:var(--line)}.tint{fill:var(--tint);stroke:var(--main)}
.plain{fill:none;stroke:var(--soft)}
"""


@dataclass
class Drawing:
    """Shapes in the order in which they are painted."""

    width: float
    height: float
    title: str
    """What it shows, for those who cannot see it."""
    shapes: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, look: str = "") -> None:
        """Put words on a line that begins at a point (ends, is centred: by look)."""
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{look}">{escape(words)}</text>'
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        look: str = "l-line",
        *,
        width: float = 1,
        dashes: str = "",
    ) -> None:
        """Draw a straight line."""
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'class="{look}" stroke-width="{width}"{dash}/>'
        )

    def path(self, points: list[tuple[float, float]], look: str) -> None:
        """Draw a line through points."""
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(
            f'<polyline points="{at}" fill="none" class="{look}" stroke-width="2"/>'
        )

    def dot(self, x: float, y: float, look: str = "main", *, radius: float = 3) -> None:
        """Draw a dot."""
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{look}"/>'
        )

    def box(self, x: float, y: float, width: float, height: float, look: str) -> None:
        """Draw a box with round corners."""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="6" class="{look}"/>'
        )

    def interval(
        self, low: float, middle: float, high: float, y: float, look: str
    ) -> None:
        """Draw a whole interval on a line, with its middle."""
        self.line(low, y, high, y, f"l-{look}", width=3)
        for end in (low, high):
            self.line(end, y - 5, end, y + 5, f"l-{look}", width=2)
        self.dot(middle, y, look, radius=5)

    def __str__(self) -> str:
        size = f"{self.width:g} {self.height:g}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{self.width:g}" role="img">\n'
            f"<title>{escape(self.title)}</title>\n<style>{STYLE}</style>\n"
            + "\n".join(self.shapes)
            + "\n</svg>\n"
        )


@dataclass(frozen=True)
class Scale:
    """Values of an axis, as places of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)
