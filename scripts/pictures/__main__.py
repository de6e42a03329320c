"""Write every picture into ``docs/images``."""

from pathlib import Path

from scripts.pictures import concepts, statistics

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES = concepts.PICTURES | statistics.PICTURES


def main() -> None:
    """Draw all of them."""
    for name, draw in PICTURES.items():
        (IMAGES / f"{name}.svg").write_text(draw(), "utf-8")


if __name__ == "__main__":
    main()
