"""What is known of each metric: the rows of the registry and of docs/metrics.md."""

from collections.abc import Callable
from typing import Any, Final

from tracer.metrics._answers import (
    korquad_exact_match,
    korquad_f1,
    squad_exact_match,
    squad_f1,
)
from tracer.metrics._edits import cer, character_accuracy, wer
from tracer.metrics._embeddings import EmbeddingSimilarity
from tracer.metrics._json import json_diff, json_schema_valid, json_valid
from tracer.metrics._labels import classification, cohen_kappa
from tracer.metrics._likelihood import perplexity
from tracer.metrics._match import contains, exact_match, numeric_match, regex_match
from tracer.metrics._overlap import bleu, chrf, rouge_1, rouge_2, rouge_l
from tracer.metrics._registry import Metric
from tracer.metrics._retrieval import (
    hit_rate_at_k,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)
from tracer.metrics._tokens import BertScore
from tracer.metrics._tools import (
    tool_call_valid,
    tool_name_match,
    tool_parameter_key_match,
    tool_parameter_kv_match,
)
from tracer.metrics._trajectories import (
    trajectory_any_order_match,
    trajectory_exact_match,
    trajectory_in_order_match,
    trajectory_precision,
    trajectory_recall,
    trajectory_single_tool_use,
)

NFC: Final = "composed first (NFC)"
SKLEARN: Final = "scikit-learn"
VERTEX: Final = "Vertex AI's page and examples"
IDS: Final = "ids as they are"


def _metric(make: Callable[..., Any], about: str, **more: Any) -> Metric:
    known: dict[str, Any] = {
        "name": make.__name__,
        "low": 0.0,
        "high": 1.0,
        "is_yes_no": make.__annotations__.get("return") is bool,
    }
    return Metric(make=make, about=about, **known | more)


_MATCHES = (
    _metric(
        exact_match,
        "the output is what was expected, space at its ends aside",
        korean=NFC,
    ),
    _metric(contains, "one of the expected texts stands in the output", korean=NFC),
    _metric(regex_match, "the pattern is found anywhere in the output", korean=NFC),
    _metric(
        numeric_match,
        "the last number of the output is the expected one, within `relative` of the "
        "larger or `absolute`",
        korean="units (원, 개) are left aside; 만 and 억 are not multiplied",
        checked="Python's `math.isclose`",
    ),
    _metric(
        json_valid,
        "the output is JSON, nothing around it",
        checked="Python's `json`",
        is_yes_no=True,
    ),
    _metric(
        json_schema_valid,
        "the output is JSON that a JSON Schema allows",
        checked="jsonschema",
        is_yes_no=True,
    ),
    _metric(
        json_diff,
        "share of the leaves of output and expected that are the same; the differences "
        "are its explanation",
        korean="texts and keys " + NFC,
    ),
)

_TEXTS = (
    _metric(
        squad_exact_match,
        "the same words, case, punctuation and articles aside",
        checked="SQuAD 2.0's steps",
    ),
    _metric(
        squad_f1,
        "F1 over words, best over the answers",
        korean="words with other particles are other words: take `korquad_f1`",
        checked="SQuAD 2.0's steps",
    ),
    _metric(
        korquad_exact_match,
        "the same words; case, punctuation, brackets and quotation marks aside",
        korean="made for it; " + NFC,
        checked="KorQuAD 1.0's steps",
    ),
    _metric(
        korquad_f1,
        "F1 over characters without space, best over the answers",
        korean="made for it: particles cost their characters alone",
        checked="KorQuAD 1.0's steps",
    ),
    _metric(
        cer,
        "edits of characters over the reference's length",
        high=None,
        higher_is_better=False,
        korean="a syllable is one character; `spaces=False` leaves spacing aside",
        checked="jiwer",
    ),
    _metric(
        wer,
        "edits of words over the reference's words",
        high=None,
        higher_is_better=False,
        korean="a word is what space parts (어절)",
        checked="jiwer",
    ),
    _metric(
        character_accuracy,
        "1 − `cer`, not below 0",
        korean="as `cer`",
        checked="jiwer",
    ),
    _metric(
        bleu,
        "n-grams of up to four words that the output shares, short outputs punished",
        korean='`tokenize="char"`, or `ko-mecab` where MeCab is installed',
        checked="sacrebleu",
    ),
    _metric(
        chrf,
        "F2 over n-grams of up to six characters",
        korean="by characters: particles cost little",
        checked="sacrebleu",
    ),
    _metric(
        rouge_1,
        "F1 over words",
        korean="kept, unlike in rouge-score; `tokenizer=list` goes by character",
        checked="rouge-score",
    ),
    _metric(
        rouge_2, "F1 over pairs of words", korean="as `rouge_1`", checked="rouge-score"
    ),
    _metric(
        rouge_l,
        "F1 over the longest common subsequence of words",
        korean="as `rouge_1`",
        checked="rouge-score",
    ),
)

_RETRIEVAL = (
    _metric(
        precision_at_k,
        "share of the first k places that hold something relevant",
        korean=IDS,
        checked=SKLEARN,
    ),
    _metric(
        recall_at_k,
        "share of all that is relevant in the first k places",
        korean=IDS,
        checked=SKLEARN,
    ),
    _metric(
        hit_rate_at_k,
        "something relevant is in the first k places",
        korean=IDS,
        checked=SKLEARN,
    ),
    _metric(
        reciprocal_rank,
        "1 over the first relevant place; its mean is MRR",
        korean=IDS,
        checked=SKLEARN,
    ),
    _metric(
        ndcg_at_k,
        "gain of the first k places, discounted by place, over the best possible",
        korean=IDS,
        checked=SKLEARN,
    ),
)

_TOOLS = (
    _metric(
        tool_call_valid,
        "the first tool call has a name and an object of arguments",
        checked=VERTEX,
    ),
    _metric(tool_name_match, "the first call is of the right tool", checked=VERTEX),
    _metric(
        tool_parameter_key_match,
        "share of the first call's parameters whose names are right",
        checked=VERTEX,
    ),
    _metric(
        tool_parameter_kv_match,
        "share of the first call's parameters right in name and value",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(
        trajectory_exact_match,
        "the right calls in their order, no others",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(
        trajectory_in_order_match,
        "the right calls in their order, others between",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(
        trajectory_any_order_match,
        "the right calls in any order, others among them",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(
        trajectory_precision,
        "share of the calls made that are right",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(
        trajectory_recall,
        "share of the right calls that were made",
        korean="values " + NFC,
        checked=VERTEX,
    ),
    _metric(trajectory_single_tool_use, "the tool was called at all", checked=VERTEX),
)

_MODELS = (
    _metric(
        EmbeddingSimilarity,
        "cosine of the two texts' embeddings",
        name="embedding_similarity",
        low=-1.0,
        korean="as the embedding model knows it",
        checked=SKLEARN,
    ),
    _metric(
        BertScore,
        "F1 of every token's nearest token in the other text, by embeddings in context",
        name="bert_score",
        low=-1.0,
        korean='`lang="ko"`: multilingual BERT',
        checked="the worked example of Zhang et al. 2020; by hand bert-score itself",
    ),
    _metric(
        perplexity,
        "e to the mean of minus the log-probabilities of the output's tokens",
        low=1.0,
        high=None,
        higher_is_better=False,
        korean="a syllable may be several tokens: compare runs of one model alone",
        checked="Jurafsky & Martin, chapter 3",
    ),
)

_RUNS = (
    _metric(
        classification,
        "accuracy; precision, recall and F1 of each label, micro, macro and weighted; "
        "confusion matrix; kappa",
        korean="labels " + NFC,
        checked=SKLEARN,
        over="rows",
    ),
    _metric(
        cohen_kappa,
        "agreement of two raters beyond chance; linear or quadratic weights for "
        "ratings",
        low=-1.0,
        korean="labels " + NFC,
        checked=SKLEARN,
        over="rows",
    ),
)

REGISTRY: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (*_MATCHES, *_TEXTS, *_RETRIEVAL, *_TOOLS, *_MODELS, *_RUNS)
}
"""Every metric, by its name."""
