"""Two logs of inspect-ai, one in each format: two samples, two epochs, two scorers."""

import sys
from pathlib import Path

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, get_model
from inspect_ai.model._providers.mockllm import MockLLM
from inspect_ai.scorer import Score, Target, includes, mean, scorer
from inspect_ai.solver import TaskState, generate


async def count(self, text: str) -> int:
    return len(text.split())


MockLLM.count_text_tokens = count  # its own asks the network for a vocabulary

SAMPLES = [
    Sample(
        id="ko-1",
        input="대한민국의 수도는?",
        target="서울",
        metadata={"language": "ko", "topic": "capital"},
    ),
    Sample(id=2, input="What is 6 times 7?", target="42"),
]


@scorer(metrics=[mean()])
def length():
    async def score(state: TaskState, target: Target) -> Score:
        said = state.output.completion
        return Score(
            value=len(said), answer=said, explanation=f"{len(said)} characters"
        )

    return score


def run(folder: Path, log_format: str) -> None:
    answers = ["서울입니다", "It is 42.", "부산입니다", "It is 42."]
    outputs = [ModelOutput.from_content("mockllm/model", text) for text in answers]
    task = Task(
        name="capitals",
        dataset=MemoryDataset(SAMPLES, name="capitals-ko"),
        solver=[generate()],
        scorer=[includes(), length()],
        epochs=2,
        metadata={"branch": "main"},
    )
    eval(
        task,
        model=get_model("mockllm/model", custom_outputs=outputs),
        log_dir=str(folder),
        log_format=log_format,
        display="none",
        max_samples=1,
    )


out = Path(sys.argv[1]) / "out"
for log_format in ("json", "eval"):
    folder = out / log_format
    run(folder, log_format)
    (log,) = folder.glob(f"*.{log_format}")
    log.rename(out / f"capitals.{log_format}")
    folder.rmdir()
