"""What a Weave script asks of its client: calls, feedback, and what there is not."""

from collections.abc import Iterator

import pytest

import tracer
from tracer import Client, weave
from tracer.errors import ConfigurationError, NotFoundError
from tracer.weave import WeaveClient


@weave.op
def ask(question: str) -> str:
    return question * 2


@pytest.fixture
def client(live: Client, project: str) -> Iterator[WeaveClient]:
    found = weave.get_client()
    assert found is not None
    yield found


def test_a_call_is_read_by_its_id(client: WeaveClient) -> None:
    _, made = ask.call("하나")
    assert client.get_call(made.id) == made
    with pytest.raises(NotFoundError, match="no call '1{16}' .it is of another pro"):
        client.get_call("1" * 16)
    with pytest.raises(ValueError, match="call_id '0195-7c' is not 16 hexadecimal"):
        client.get_call("0195-7c")


def test_calls_are_filtered_as_weave_does(client: WeaveClient) -> None:
    with tracer.span("outer"):
        _, made = ask.call("하나")
    ask("둘")
    name = f"weave:///team/project/op/{made.op_name}:*"
    assert len(list(client.get_calls())) == 3
    assert [one.inputs["question"] for one in client.get_calls({"op_names": [name]})]
    both = client.get_calls(filter={"trace_ids": [made.trace_id], "op_names": [name]})
    assert list(both) == [made]
    assert len(list(client.get_calls(limit=1))) == 1
    with pytest.raises(ConfigurationError, match="of query, thread_ids; filter by"):
        client.get_calls({"thread_ids": ["t"]}, query={"$expr": {}})


def test_what_was_said_of_a_call_is_read_and_taken_back(client: WeaveClient) -> None:
    _, call = ask.call("하나")
    liked = call.feedback.add_reaction("👍", creator="kim")
    note = call.feedback.add_note("친절하다")
    graded = call.feedback.add("correctness", {"value": 4, "why": "x"})
    said = {one.id: one for one in call.feedback}
    assert said.keys() == {liked, note, graded}
    assert said[liked].feedback_type == "wandb.reaction.1"
    assert (said[liked].payload, said[liked].creator) == ({"emoji": "👍"}, "kim")
    assert said[note].payload == {"note": "친절하다"}
    assert said[graded].payload == {"value": 4, "why": "x"}
    assert [one.id for one in client.get_feedback(reaction="👍")] == [liked]
    assert len(client.get_feedback()) == 3
    call.feedback.purge(liked)
    assert {one.id for one in call.feedback} == {note, graded}
    assert len(call.feedback) == 2


def test_feedback_that_says_nothing_is_refused(client: WeaveClient) -> None:
    _, call = ask.call("하나")
    for add in (call.feedback.add_reaction, call.feedback.add_note, call.feedback.add):
        with pytest.raises(ValueError, match="None says nothing; give a"):
            add(None)  # type: ignore[arg-type, operator]
    with pytest.raises(ValueError, match="'12' is no id of feedback; give what add_re"):
        call.feedback.purge("12")


def test_what_weaves_client_has_beside_is_refused_by_name(client: WeaveClient) -> None:
    with pytest.raises(AttributeError, match="no 'delete_calls', only finish, .*Clie"):
        client.delete_calls([])  # type: ignore[attr-defined]
    assert not hasattr(client, "add_cost")
