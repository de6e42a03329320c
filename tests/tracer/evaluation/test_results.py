"""What a finished run says, printed and by name."""

from typing import Any

import tracer


def test_a_result_says_what_it_can_see_and_what_it_took(sent: Any) -> None:
    def model(n: int) -> int:
        if n == 3:
            raise LookupError("no answer")
        return n % 2

    def odd(output: int) -> bool:
        return output == 1

    rows = [{"n": n} for n in range(8)]
    result = tracer.Evaluation(rows, [odd], trials=2).run(model)
    head, line = str(result).splitlines()[1:3]
    assert head.endswith("can see ≥")
    latency, failed = result.measures["latency_ms"], result.measures["failed"]
    assert (latency.n, latency.n_examples) == (16, 8)
    assert (failed.total, failed.n) == (2, 16)
    assert result.summary["odd"].detectable_difference is None  # no trial differed
    assert line.split()[-1] == "2"  # errors; so nothing is said of what it can see


def test_a_score_that_only_failed_keeps_its_count_on_the_way_to_a_comparison(
    sent: Any,
) -> None:
    def broken(output: int) -> float:
        raise ValueError(output)

    rows = [{"n": n} for n in range(3)]
    evaluation = tracer.Evaluation(rows, [broken])
    result = evaluation.run(lambda n: n)
    (row,) = result.summary["broken"].sums.rows()
    assert (row["n"], row["n_errors"]) == (0, 3)
    (found,) = result.compare(evaluation.run(lambda n: n))
    assert found.difference is None


def test_a_result_says_why_models_and_scorers_failed(sent: Any) -> None:
    def model(n: int) -> int:
        if n == 0:
            raise LookupError("no answer")
        return n

    def broken(output: int) -> float:
        raise ValueError("no\njudge")

    told = str(tracer.Evaluation([{"n": n} for n in range(4)], [broken]).run(model))
    assert "\nbroken failed 3 times: ValueError: no judge\n" in told
    assert "\nmodel failed 1 times: LookupError: no answer\n" in told


def test_of_many_causes_a_result_names_the_three_commonest(sent: Any) -> None:
    def broken(output: int) -> float:
        raise ValueError(output)

    rows = [{"n": n} for n in range(6)]
    told = str(tracer.Evaluation(rows, [broken]).run(lambda n: n))
    assert told.count("broken failed") == 3
    assert "\nand 3 other causes\n" in told
