"""Where statsmodels has the same procedure, the figures are the same."""

from typing import Any

import numpy
import pytest
import statsmodels.api as sm
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from tracer.stats import (
    ClusterSums,
    compare,
    examples_needed,
    holm,
    mcnemar,
    split_variance,
    wilson,
)
from tracer.stats._significance import paired_score_z

TABLES = [(1, 0), (4, 0), (9, 2), (3, 14), (40, 41)]


@pytest.mark.parametrize(("gained", "lost"), TABLES)
def test_mcnemar_is_exact_and_its_score_test_the_chi_squared(
    gained: int, lost: int
) -> None:
    table = [[50, gained], [lost, 20]]
    exact = reference_mcnemar(table, exact=True).pvalue
    assert mcnemar(gained, lost, mid=False) == pytest.approx(exact)
    chi_squared = reference_mcnemar(table, exact=False, correction=False).statistic
    z = paired_score_z(gained, lost, 70 + gained + lost)
    assert z * z == pytest.approx(chi_squared)


def test_holm_is_the_step_down_of_multipletests() -> None:
    p_values = [0.001, 0.2, 0.03, 0.03, 0.9, 0.7, 0.012]
    assert holm(p_values) == pytest.approx(
        list(multipletests(p_values, method="holm")[1])
    )


@pytest.mark.parametrize(("passed", "n"), [(0, 20), (81, 263), (19, 20)])
def test_wilson_is_the_score_interval_of_a_proportion(passed: int, n: int) -> None:
    expected = proportion_confint(passed, n, method="wilson")
    assert wilson(passed / n, n) == pytest.approx(expected, abs=1e-12)


def test_the_standard_error_is_that_of_a_regression_with_clusters() -> None:
    draw = numpy.random.default_rng(6)
    sizes = draw.integers(1, 7, 40)
    groups = numpy.repeat(numpy.arange(40), sizes)
    values = draw.normal(0, 1, 40)[groups] + draw.normal(0, 1, len(groups))
    model = sm.OLS(values, numpy.ones(len(values)))
    given = {"groups": groups, "use_correction": False}
    expected = float(model.fit(cov_type="cluster", cov_kwds=given).bse[0])
    by_group = [values[groups == group] for group in range(40)]
    sums = ClusterSums.of(
        (len(v), float(v.sum()), float((v**2).sum())) for v in by_group
    )
    assert sums.standard_error == pytest.approx(expected * (40 / 39) ** 0.5)


def test_unpaired_runs_are_compared_by_welchs_t() -> None:
    old, new = [1.0, 2.0, 4.0, 3.0], [3.0, 5.0, 9.0, 4.0, 8.0]
    found = compare(run("old", old), run("new", new))[0]
    means = CompareMeans(DescrStatsW(new), DescrStatsW(old))
    assert found.p == pytest.approx(means.ttest_ind(usevar="unequal")[1])
    expected = means.tconfint_diff(usevar="unequal")
    assert found.ci95 == pytest.approx(expected)


def run(prefix: str, values: list[float]) -> list[dict[str, Any]]:
    return [
        {"score": "s", "type": "number", "example_id": f"{prefix}-{number}"}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize("effect", [0.2, 0.35, 0.8])
def test_the_planner_needs_as_many_pairs_as_the_power_of_a_t_test(
    effect: float,
) -> None:
    needed = TTestPower().solve_power(effect_size=effect, power=0.8, alpha=0.05)
    planned = examples_needed(effect, within_sd=0.5**0.5)
    assert planned == int(numpy.ceil(needed))


def test_the_variance_split_is_that_of_a_mixed_model_on_equal_numbers() -> None:
    draw = numpy.random.default_rng(9)
    values = draw.normal(0, 2, (60, 1)) + draw.normal(0, 1, (60, 4))
    groups = numpy.repeat(numpy.arange(60), 4)
    fitted = sm.MixedLM(values.ravel(), numpy.ones(240), groups).fit(reml=True)
    split = split_variance((4, float(v.sum()), float((v**2).sum())) for v in values)
    assert split is not None
    assert split.within == pytest.approx(float(fitted.scale), rel=1e-3)
    assert split.between == pytest.approx(float(fitted.cov_re.item()), rel=1e-2)
