import pytest

from tracer import metrics


def test_precision_recall_and_hits_look_at_the_first_places() -> None:
    found, relevant = ["a", "x", "b", "y"], {"a", "b", "c"}
    assert metrics.precision_at_k(found, relevant, 2) == 0.5
    assert metrics.recall_at_k(found, relevant, 3) == pytest.approx(2 / 3)
    assert metrics.hit_rate_at_k(["x", "a"], relevant, 1) is False
    assert metrics.hit_rate_at_k(["x", "a"], relevant, 2) is True


def test_places_that_were_not_filled_count_as_irrelevant() -> None:
    assert metrics.precision_at_k(["a"], {"a"}, 5) == 0.2


def test_same_document_twice_counts_once() -> None:
    assert metrics.precision_at_k(["a", "a"], {"a"}, 2) == 0.5


def test_reciprocal_rank_is_of_the_first_relevant_place() -> None:
    assert metrics.reciprocal_rank(["x", "b", "a"], {"a", "b"}) == 0.5
    assert metrics.reciprocal_rank(["x"], {"a"}) == 0.0


def test_ndcg_gives_the_worked_example() -> None:
    # Wikipedia, "Discounted cumulative gain": grades 3 2 3 0 1 2, ideal 3 3 3 2 2 2
    found = ["D1", "D2", "D3", "D4", "D5", "D6"]
    grades = {"D1": 3, "D2": 2, "D3": 3, "D4": 0, "D5": 1, "D6": 2, "D7": 3, "D8": 2}
    assert metrics.ndcg_at_k(found, grades, 6) == pytest.approx(0.785, abs=1e-3)
    assert metrics.ndcg_at_k(["D1", "D3", "D7"], grades, 3) == 1.0


def test_nothing_relevant_to_find_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(ValueError, match="nothing relevant"):
        metrics.recall_at_k(["a"], [], 3)
    for metric in (metrics.precision_at_k, metrics.ndcg_at_k):
        with pytest.raises(ValueError, match="k=0"):
            metric(["a"], ["a"], 0)


def test_text_is_one_id_and_not_its_letters() -> None:
    assert metrics.recall_at_k(["doc1", "doc2"], "doc1", 2) == 1.0
    assert metrics.reciprocal_rank(["doc2", "doc1"], "doc1") == 0.5
    assert metrics.precision_at_k("doc1", ["doc1"], 1) == 1.0
    assert metrics.ndcg_at_k("doc1", {"d": 1}, 1) == 0.0
