import random
import unicodedata
from typing import Any

import pytest
import sklearn.metrics as sklearn
from hypothesis import given, settings
from hypothesis import strategies as st

from tracer import metrics

LABELS = ("환불", "배송", "칭찬", "기타")
label_pairs = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60
)
ratings = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=60
)


@pytest.mark.filterwarnings("ignore:A single label was found")
@settings(max_examples=30, deadline=None)
@given(label_pairs)
def test_figures_are_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    said, right = zip(*pairs, strict=True)
    found = metrics.classification(pairs)
    labels = list(found.labels)
    assert found.confusion == tuple(
        map(tuple, sklearn.confusion_matrix(right, said, labels=labels).tolist())
    )
    assert found.accuracy == pytest.approx(sklearn.accuracy_score(right, said))
    for average in ("micro", "macro", "weighted"):
        theirs = sklearn.precision_recall_fscore_support(
            right, said, labels=labels, average=average, zero_division=0
        )
        ours = getattr(found, average)
        assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs[:3])
    theirs = sklearn.precision_recall_fscore_support(
        right, said, labels=labels, average=None, zero_division=0
    )
    for label, *figures in zip(labels, *theirs, strict=True):
        one = found.per_label[label]
        ours = (one.precision, one.recall, one.f1, one.n_expected)
        assert ours == pytest.approx(figures)


def test_yes_and_no_are_judged_by_their_yes() -> None:
    random.seed(7)
    pairs = [(random.random() < 0.4, random.random() < 0.5) for _ in range(200)]
    said, right = zip(*pairs, strict=True)
    yes = metrics.classification(pairs).per_label[True]
    assert yes.precision == pytest.approx(sklearn.precision_score(right, said))
    assert yes.recall == pytest.approx(sklearn.recall_score(right, said))
    assert yes.f1 == pytest.approx(sklearn.f1_score(right, said))


@settings(max_examples=30, deadline=None)
@given(ratings, st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]], weights: Any) -> None:
    said, right = zip(*pairs, strict=True)
    ours = metrics.cohen_kappa(pairs, weights=weights)
    if len({*said, *right}) == 1:
        assert ours is None
        return
    theirs = sklearn.cohen_kappa_score(
        right, said, weights=weights, labels=[1, 2, 3, 4, 5]
    )
    assert ours == pytest.approx(theirs)


def test_kappa_gives_the_worked_example() -> None:
    # Wikipedia, "Cohen's kappa": 50 grant proposals, two readers
    pairs = (
        [("yes", "yes")] * 20
        + [("yes", "no")] * 5
        + [("no", "yes")] * 10
        + [("no", "no")] * 15
    )
    assert metrics.cohen_kappa(pairs) == pytest.approx(0.4)
    assert metrics.classification(pairs).kappa == pytest.approx(0.4)


def test_kappa_of_words_needs_their_order_to_be_weighted() -> None:
    order = ["나쁨", "보통", "좋음"]
    pairs = [("나쁨", "보통"), ("좋음", "좋음"), ("보통", "보통"), ("나쁨", "좋음")]
    with pytest.raises(ValueError, match="from worst to best"):
        metrics.cohen_kappa(pairs, weights="linear")
    numbers = [(order.index(a), order.index(b)) for a, b in pairs]
    assert metrics.cohen_kappa(
        pairs, weights="quadratic", labels=order
    ) == pytest.approx(metrics.cohen_kappa(numbers, weights="quadratic"))


def test_labels_typed_on_a_mac_are_the_same_labels() -> None:
    decomposed = unicodedata.normalize("NFD", "환불")
    found = metrics.classification([(decomposed, "환불"), ("배송 ", "배송")])
    assert found.labels == ("배송", "환불")
    assert found.accuracy == 1.0


def test_rows_without_a_label_are_counted_and_left_aside() -> None:
    found = metrics.classification([("a", "a"), (None, "a"), ("a", None)])
    assert (found.n, found.n_missing) == (1, 2)
    with pytest.raises(ValueError, match="of 1 rows none has both"):
        metrics.classification([(None, "a")])


def test_labels_may_be_given_in_order_and_must_then_be_all() -> None:
    found = metrics.classification([("b", "a")], labels=["b", "a", "c"])
    assert found.confusion == ((0, 0, 0), (1, 0, 0), (0, 0, 0))
    with pytest.raises(ValueError, match=r"\['b'\] not among"):
        metrics.classification([("b", "a")], labels=["a"])


def test_pairs_come_from_predictions_of_a_run() -> None:
    rows = [
        {
            "output": "서울",
            "expected": "환불",
            "scores": {
                "intent": {"type": "label", "label": "환불", "value": None},
                "good": {"type": "bool", "label": None, "value": 1.0},
                "stars": {"type": "number", "label": None, "value": 4.0},
            },
        },
        {"output": None, "expected": "배송", "scores": {}},
    ]
    assert metrics.label_pairs(rows) == [("서울", "환불"), (None, "배송")]
    assert metrics.label_pairs(rows, score="intent")[0] == ("환불", "환불")
    assert metrics.label_pairs(rows, score="good")[0] == (True, "환불")
    assert metrics.label_pairs(rows, score="stars") == [(4.0, "환불"), (None, "배송")]


def test_classification_is_printed_with_figures_and_confusion() -> None:
    pairs = [("환불", "환불"), ("배송", "환불"), ("배송", "배송"), (None, "배송")]
    assert str(metrics.classification(pairs)).splitlines() == [
        "accuracy 66.7 % · kappa 0.4 · n 3 · 1 missing",
        "",
        "label       precision  recall     F1  right  said",
        "배송            0.500   1.000  0.667      1     2",
        "환불            1.000   0.500  0.667      2     1",
        "(macro)         0.750   0.750  0.667",
        "(weighted)      0.833   0.667  0.667",
        "",
        "right ↓ said →  배송  환불",
        "배송               1     0",
        "환불               1     1",
    ]


def test_confusion_of_many_labels_is_not_printed() -> None:
    told = str(metrics.classification([(n, n) for n in range(20)]))
    assert told.startswith("accuracy 100.0 % · kappa 1 · n 20")
    assert "said →" not in told


def test_kappa_of_one_label_is_said_to_be_unknown() -> None:
    assert "kappa unknown" in str(metrics.classification([("a", "a")]))
