"""The picture of docs/concepts.md: what belongs to what."""

from scripts.pictures.svg import Drawing


def production(drawing: Drawing) -> None:
    """Draw a session of two traces, one opened into its spans."""
    drawing.text(20, 26, "what users do", "strong")
    drawing.box(20, 38, 320, 246, "plain")
    drawing.text(32, 58, "session  s1", "soft")
    drawing.box(36, 70, 288, 146, "box")
    drawing.text(48, 90, "trace", "soft")
    for x, y, width, words in (
        (48, 100, 264, "answer · span, kind chain"),
        (72, 128, 110, "search · retriever"),
        (188, 128, 124, "chat gpt-4o-mini · llm"),
    ):
        drawing.box(x, y, width, 24, "tint")
        drawing.text(x + 8, y + 16, words, "soft")
    drawing.text(48, 176, "attributes: input, output, tokens, user u1,", "soft")
    drawing.text(48, 192, "tags, metadata.department …", "soft")
    drawing.dot(56, 207, "other")
    drawing.text(66, 211, "score  helpful = yes · source user", "soft")
    drawing.box(36, 228, 288, 40, "box")
    drawing.text(48, 253, "trace  (the next turn)", "soft")


def evaluation(drawing: Drawing) -> None:
    """Draw a dataset, and a run that asks each of its examples three times."""
    drawing.text(400, 26, "what you measure", "strong")
    drawing.box(400, 38, 110, 246, "plain")
    drawing.text(412, 58, "dataset  v3", "soft")
    drawing.box(550, 38, 310, 246, "plain")
    drawing.text(562, 58, "evaluation run  of one model", "soft")
    for number, (example, scores) in enumerate(
        (("example 1", "✓✓✓"), ("example 2", "✓✗✓"), ("example 3", "✗✗✗"))
    ):
        y = 70 + number * 56
        drawing.box(410, y, 90, 40, "box")
        drawing.text(420, y + 25, example, "soft")
        drawing.line(500, y + 20, 562, y + 20, "l-soft")
        for trial, score in enumerate(scores):
            x = 562 + trial * 96
            drawing.box(x, y, 88, 40, "tint")
            drawing.text(x + 8, y + 17, f"trial {trial}", "soft")
            drawing.text(x + 8, y + 33, "prediction", "soft")
            look = "other" if score == "✓" else "bad"
            drawing.dot(x + 78, y + 12, look, radius=5)
    drawing.text(562, 254, "each prediction is a trace; dots are scores:", "soft")
    drawing.text(562, 272, "correct = yes, correct = no", "soft")
    drawing.text(410, 258, "rows: inputs,", "soft")
    drawing.text(410, 274, "expected", "soft")


def concepts() -> str:
    """Draw both sides, and the way from one to the other."""
    drawing = Drawing(
        880,
        316,
        "A session holds traces, a trace holds spans; a dataset holds examples, and an "
        "evaluation run has a prediction for each example and trial. Scores judge "
        "spans, traces and predictions. Traces become examples.",
    )
    production(drawing)
    evaluation(drawing)
    drawing.line(340, 160, 400, 160, "l-main", width=2)
    drawing.path([(392, 154), (400, 160), (392, 166)], "l-main")
    drawing.text(370, 150, "becomes", "soft middle")
    drawing.text(370, 178, "examples", "soft middle")
    return str(drawing)


PICTURES = {"concepts": concepts}
