"""The picture of docs/concepts.md: what belongs to what."""

from scripts.pictures.svg import Drawing


def production(drawing: Drawing) -> None:
    """Draw a session of two traces, one opened into its spans."""
    drawing.text(20, 26, "what users do", "strong")
    drawing.box(20, 38, 660, 176, "plain")
    drawing.text(32, 58, "session  s1", "soft")
    drawing.box(36, 68, 410, 134, "box")
    drawing.text(48, 88, "trace", "soft")
    for x, y, width, words in (
        (48, 96, 386, "span  answer · kind chain"),
        (72, 124, 150, "span  search · retriever"),
        (228, 124, 206, "span  chat gpt-4o-mini · llm"),
    ):
        drawing.box(x, y, width, 24, "tint")
        drawing.text(x + 8, y + 16, words, "soft")
    words = "attributes: input, output, tokens, user, metadata.department"
    drawing.text(48, 168, words, "soft")
    drawing.dot(54, 184, "other", radius=5)
    drawing.text(66, 188, "score  helpful = yes · source user", "soft")
    drawing.box(462, 68, 202, 134, "box")
    drawing.text(474, 88, "trace  (the next turn)", "soft")
    drawing.box(474, 96, 178, 24, "tint")
    drawing.text(482, 112, "span  answer · kind chain", "soft")


def evaluation(drawing: Drawing) -> None:
    """Draw a dataset, and a run that asks each of its examples three times."""
    drawing.text(20, 262, "what you measure", "strong")
    drawing.box(20, 274, 150, 200, "plain")
    drawing.text(32, 294, "dataset  faq, version 3", "soft")
    drawing.box(216, 274, 464, 200, "plain")
    drawing.text(228, 294, "evaluation run  of one model", "soft")
    for number, scores in enumerate(("✓✓✓", "✓✗✓", "✗✗✗")):
        y = 304 + number * 46
        drawing.box(32, y, 126, 36, "box")
        drawing.text(44, y + 23, f"example {number + 1}", "soft")
        drawing.line(158, y + 18, 228, y + 18, "l-soft")
        for trial, score in enumerate(scores):
            x = 228 + trial * 148
            drawing.box(x, y, 140, 36, "tint")
            drawing.text(x + 10, y + 23, f"prediction, trial {trial}", "soft")
            look = "other" if score == "✓" else "bad"
            drawing.dot(x + 124, y + 18, look, radius=5)
    drawing.text(32, 462, "inputs, expected", "soft")
    words = "each prediction is a trace; the dots are its score  correct = yes or no"
    drawing.text(228, 462, words, "soft")


def concepts() -> str:
    """Draw both sides, and the way from one to the other."""
    drawing = Drawing(
        700,
        486,
        "A session holds traces, a trace holds spans; a dataset holds examples, and an "
        "evaluation run has a prediction for each example and trial. Scores judge "
        "spans, traces and predictions. Traces become examples.",
    )
    production(drawing)
    evaluation(drawing)
    drawing.line(160, 202, 160, 274, "l-main", width=2)
    drawing.path([(154, 266), (160, 274), (166, 266)], "l-main")
    drawing.text(172, 248, "becomes an example", "soft")
    return str(drawing)


PICTURES = {"concepts": concepts}
