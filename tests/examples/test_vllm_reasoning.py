"""The vLLM example: what the model thought is kept, apart from what it said."""

from pathlib import Path

from example_programs import run
from processes import CollectorProcess

from tracer.client import Client


def test_the_reasoning_of_a_stream_is_a_part_of_its_own(
    collector: CollectorProcess, env: dict[str, str], tmp_path: Path
) -> None:
    printed = run("vllm_reasoning", env=env, cwd=tmp_path)
    thought, said, *_ = printed.splitlines()
    assert "chat Qwen/Qwen3-8B: assistant, reasoning" in printed
    [trace] = Client(collector.url).traces(project="vllm")
    ask, chat = Client(collector.url).trace(trace["trace_id"]).spans
    reasoning, text = chat["messages"][-1]["parts"]
    assert reasoning["type"] == "reasoning"
    assert thought == f"thought: {reasoning['content']}"
    assert said == f"said:    {text['content']}" == f"said:    {ask['output']}"
    assert chat["model"] == "Qwen/Qwen3-8B"
