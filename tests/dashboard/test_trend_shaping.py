"""From sums by bucket to the points of a chart."""

from typing import Any

from dashboard.shaping.traffic import trends


def bucket(**fields: Any) -> dict[str, Any]:
    return {
        "name": "length",
        "group": "",
        "type": "number",
        "bucket_ns": 0,
        "n": 2,
        "n_clusters": 2,
        "sum": 3.0,
        "sum_squares": 5.0,
        "cluster_sum_squares": 5.0,
        "cluster_sum_counts": 3.0,
        "cluster_count_squares": 2.0,
        **fields,
    }


def test_sums_too_large_for_a_number_leave_a_dash() -> None:
    without_mean = bucket(sum=None, sum_squares=None, cluster_sum_squares=None)
    without_ends = bucket(bucket_ns=1, cluster_sum_squares=None)
    found = trends.points([without_mean, without_ends], nameless="all")["length"]
    shown = [row["cells"] for row in trends.table_rows(found)]

    assert [row["mean"] for row in shown] == ["1.500", "–"]
    assert [row["interval"]["text"] for row in shown] == ["–", "–"]
    assert [point["low"] for point in found] == [None, 1.5]


def test_a_name_given_to_numbers_and_yes_or_no_is_taken_for_numbers() -> None:
    three = {"n": 3, "n_clusters": 3, "cluster_sum_counts": 9.0}
    sums = {"sum": 9.0, "sum_squares": 35.0, "cluster_sum_squares": 35.0}
    mixed = bucket(type="bool", cluster_count_squares=3.0, **three, **sums)
    [point] = trends.points([mixed], nameless="all")["length"]

    assert (point["type"], point["mean"]) == ("number", 3.0)
    assert point["low"] < 3.0 < point["high"]


def test_one_wide_interval_does_not_press_the_other_means_flat() -> None:
    def at(mean: float, reach: float) -> dict[str, Any]:
        return {"mean": mean, "low": mean - reach, "high": mean + reach}

    usual = [at(0.6, 0.05), at(0.7, 0.05), at(0.9, 0.05)]
    low, high = trends.axis([at(0.5, 6.0), *usual]) or (0.0, 0.0)

    assert 0 < low <= 0.5
    assert 0.95 <= high <= 1.3


def test_intervals_of_usual_width_are_on_the_axis_whole() -> None:
    point = {"mean": 0.8, "low": 0.7, "high": 0.9}

    assert trends.axis([point]) == (0.7, 0.9)
    assert trends.axis([{"mean": 2.0, "low": 2.0, "high": 2.0}]) is None
    assert trends.axis([{"mean": None, "low": None, "high": None}]) is None


def test_an_interval_stays_on_the_scale_that_scorers_gave() -> None:
    told = {"scale_low": 1.0, "scale_high": 5.0}
    [free] = trends.points([bucket()], nameless="all")["length"]
    [kept] = trends.points([bucket(**told)], nameless="all")["length"]

    assert not free["known"] and kept["known"]
    assert (kept["low"], kept["high"]) == (1.0, 5.0)
