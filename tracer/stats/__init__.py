"""Statistics over examples and trials: pure functions, numpy and scipy where used."""

from tracer.stats._agreement import Agreement, agreement
from tracer.stats._annotators import AnnotatorAgreement, annotator_agreement
from tracer.stats._changes import ChangePoint, change_points, mean_change
from tracer.stats._compared_measures import compare_measures
from tracer.stats._comparison import ScoreComparison, compare
from tracer.stats._contrasts import (
    Contrast,
    mean_difference,
    mean_ratio,
    quantile_change,
)
from tracer.stats._direction import LOWER_IS_BETTER, higher_is_better
from tracer.stats._intervals import (
    ClusterSums,
    Interval,
    interval_from_cluster_sums,
    mean_interval,
    wilson,
)
from tracer.stats._known_names import MEASURES
from tracer.stats._many import RunPair, Slice, compare_runs, compare_slices
from tracer.stats._measures import Measures, MeasureSummary, summarize_measures
from tracer.stats._nested import JudgeVarianceSplit, split_judge_variance
from tracer.stats._passes import PassRate, pass_at_k, pass_hat_k, pass_rate
from tracer.stats._planner import Plan, detectable_difference, examples_needed, plan
from tracer.stats._quantiles import QuantileEstimate, quantile_of
from tracer.stats._ranking import RankedRun, rank_runs
from tracer.stats._resampling import bootstrap_interval, permutation_test
from tracer.stats._scale import Scale, scale_of
from tracer.stats._significance import holm, mcnemar, paired_proportions_interval
from tracer.stats._slices import RunSlice, summarize_slices
from tracer.stats._summary import ScoreSummary, Summaries, summarize
from tracer.stats._sums import ScoreSums, collect
from tracer.stats._variance import VarianceSplit, split_variance

__all__ = [
    "LOWER_IS_BETTER",
    "MEASURES",
    "Agreement",
    "AnnotatorAgreement",
    "ChangePoint",
    "ClusterSums",
    "Contrast",
    "Interval",
    "JudgeVarianceSplit",
    "MeasureSummary",
    "Measures",
    "PassRate",
    "Plan",
    "QuantileEstimate",
    "RankedRun",
    "RunPair",
    "RunSlice",
    "Scale",
    "ScoreComparison",
    "ScoreSummary",
    "ScoreSums",
    "Slice",
    "Summaries",
    "VarianceSplit",
    "agreement",
    "annotator_agreement",
    "bootstrap_interval",
    "change_points",
    "collect",
    "compare",
    "compare_measures",
    "compare_runs",
    "compare_slices",
    "detectable_difference",
    "examples_needed",
    "higher_is_better",
    "holm",
    "interval_from_cluster_sums",
    "mcnemar",
    "mean_change",
    "mean_difference",
    "mean_interval",
    "mean_ratio",
    "paired_proportions_interval",
    "pass_at_k",
    "pass_hat_k",
    "pass_rate",
    "permutation_test",
    "plan",
    "quantile_change",
    "quantile_of",
    "rank_runs",
    "scale_of",
    "split_judge_variance",
    "split_variance",
    "summarize",
    "summarize_measures",
    "summarize_slices",
    "wilson",
]
