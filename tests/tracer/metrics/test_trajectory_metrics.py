import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_calls import ASK_TOOLS
from processes import CollectorProcess

import tracer
from examples.openai_server import running
from tracer import metrics
from tracer.metrics import ToolCall


def step(tool_name: str, **tool_input: str) -> dict[str, Any]:
    return {"tool_name": tool_name, "tool_input": tool_input}


LONDON = step("loc_to_lat_long", location="London")
WEATHER = step("lat_long_to_weather", longitude="-0.12574", latitude="51.50853")
PARIS = step("loc_to_lat_long", location="Paris")
PARIS_WEATHER = step("lat_long_to_weather", longitude="2.3488", latitude="48.85341")
TOKYO = step("loc_to_lat_long", location="Tokyo")
TOKYO_WEATHER = step("lat_long_to_weather", longitude="35.6764", latitude="139.6500")
EXTRA = step("extra_tool", some_input="some_value")

CASES = [
    # the four of "genai-beyond-basics", trajectory_computation_based.py (M. Atamel)
    ([LONDON, WEATHER], [LONDON, WEATHER], (True, True, True, 1, 1)),
    ([PARIS, PARIS_WEATHER], [TOKYO, TOKYO_WEATHER], (False, False, False, 0, 0)),
    ([LONDON, WEATHER, EXTRA], [LONDON, WEATHER], (False, True, True, 2 / 3, 1)),
    ([WEATHER, LONDON, EXTRA], [LONDON, WEATHER], (False, False, True, 2 / 3, 1)),
    # nothing done, nothing to do
    ([], [LONDON], (False, False, False, 0, 0)),
    ([LONDON], [], (False, True, True, 0, 1)),
    ([], [], (True, True, True, 1, 1)),
    # a call made twice counts once, as it is in the reference once
    ([LONDON, LONDON], [LONDON], (False, True, True, 0.5, 1)),
    ([LONDON], [LONDON, LONDON], (False, False, False, 1, 0.5)),
]


@pytest.mark.parametrize(("made", "right", "figures"), CASES)
def test_paths_are_judged_as_vertex_describes(
    made: list[Any], right: list[Any], figures: tuple[Any, ...]
) -> None:
    exact, in_order, any_order, precision, recall = figures
    assert metrics.trajectory_exact_match(made, right) is exact
    assert metrics.trajectory_in_order_match(made, right) is in_order
    assert metrics.trajectory_any_order_match(made, right) is any_order
    assert metrics.trajectory_precision(made, right) == pytest.approx(precision)
    assert metrics.trajectory_recall(made, right) == pytest.approx(recall)


def test_use_of_one_tool_minds_neither_order_nor_arguments() -> None:
    assert metrics.trajectory_single_tool_use([PARIS, EXTRA], "extra_tool") is True
    assert metrics.trajectory_single_tool_use([PARIS], "extra_tool") is False
    assert metrics.trajectory_single_tool_use([], "extra_tool") is False


def test_reference_without_input_is_met_by_any_and_chooses_last() -> None:
    any_location = {"tool_name": "loc_to_lat_long", "tool_input": None}
    assert metrics.trajectory_exact_match([PARIS], [any_location]) is True
    # were the first reference to take London, the second would go empty
    right = [any_location, LONDON]
    assert metrics.trajectory_any_order_match([LONDON, PARIS], right) is True


def test_path_may_be_what_a_runnable_of_vertex_returns() -> None:
    output = {"response": "비가 옵니다", "predicted_trajectory": [LONDON]}
    reference = json.dumps({"reference_trajectory": [LONDON]})
    assert metrics.trajectory_exact_match(output, reference) is True


def test_parts_that_are_no_calls_are_no_steps_of_a_path() -> None:
    call = {"type": "tool_call", "name": "날씨", "arguments": {"도시": "서울"}}
    said = [{"role": "assistant", "parts": parts} for parts in ("네", ["네", call])]
    span = {"kind": "llm", "start_ns": 1, "output": said}
    assert [one.name for one in metrics.trajectory([span])] == ["날씨"]


def test_korean_inputs_are_compared_in_composed_form() -> None:
    made = [step("날씨", 도시=unicodedata.normalize("NFD", "서울"))]
    assert metrics.trajectory_exact_match(made, [step("날씨", 도시="서울")]) is True


calls = st.lists(
    st.builds(ToolCall, st.sampled_from("abc"), st.sampled_from([{"k": 1}, {"k": 2}])),
    max_size=6,
)


@settings(deadline=None)
@given(calls, calls)
def test_stricter_matches_imply_the_looser_ones(made: Any, right: Any) -> None:
    exact = metrics.trajectory_exact_match(made, right)
    in_order = metrics.trajectory_in_order_match(made, right)
    any_order = metrics.trajectory_any_order_match(made, right)
    assert exact <= in_order <= any_order
    assert any_order is (metrics.trajectory_recall(made, right) == 1)
    if made and right:
        n_right = metrics.trajectory_precision(made, right) * len(made)
        n_made = metrics.trajectory_recall(made, right) * len(right)
        assert n_right == pytest.approx(n_made)


@pytest.fixture
def sent_to(collector: CollectorProcess, project: str) -> Iterator[tracer.Client]:
    tracer.configure(endpoint=collector.url, project=project)
    yield tracer.Client(collector.url)
    tracer.shutdown()


def recorded(client: tracer.Client, project: str) -> Any:
    report = tracer.flush()
    assert report.sent and not (report.spooled or report.dropped), report
    (row,) = client.traces(project=project)
    return client.trace(row["trace_id"], project=project)


def test_path_is_read_from_the_tools_that_a_recorded_trace_ran(
    sent_to: tracer.Client, project: str
) -> None:
    @tracer.trace(kind="tool")
    def search(query: str, k: int = 3) -> list[str]:
        return ["서울"]

    @tracer.trace(kind="tool")
    def fail(city: str) -> str:
        raise LookupError(city)

    @tracer.trace(kind="agent")
    def agent(question: str) -> str:
        search(question)
        with pytest.raises(LookupError):
            fail("부산")
        return "답"

    agent("수도는?")
    path = metrics.trajectory(recorded(sent_to, project))
    assert path == [
        ToolCall("search", {"query": "수도는?", "k": 3}),
        ToolCall("fail", {"city": "부산"}),
    ]
    reference = [{"tool_name": "search", "tool_input": None}]
    assert metrics.trajectory_in_order_match(path, reference) is True
    assert metrics.trajectory_precision(path, reference) == 0.5


def test_path_without_tools_that_ran_is_what_the_model_asked_for(
    sent_to: tracer.Client, project: str
) -> None:
    with (
        running() as url,
        openai.OpenAI(base_url=url, api_key="secret-key") as client,
    ):
        tracer.wrap_openai(client).chat.completions.create(**ASK_TOOLS)
    path = metrics.trajectory(recorded(sent_to, project))
    assert path == [
        ToolCall("order_status", {"order_id": "A-1234"}),
        ToolCall("order_status", {"order_id": "B-2222"}),
    ]
