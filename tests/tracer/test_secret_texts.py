"""Secrets in texts and in pairs: found whatever stands around them."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracer._values.redact import WITHHELD, Redactor
from tracer._values.secret_texts import REDACTED


def redacted(value: Any) -> Any:
    return json.loads(Redactor().encoded(value, 100_000))


HUSH = "hush, hush"
AS_TEXT = [
    '{"password" : "hush, hush"}',
    '{"password"\n:\n"hush, hush"}',
    json.dumps(json.dumps({"password": HUSH})),
    json.dumps(json.dumps(json.dumps({"a": [{"password": 'x" ' + HUSH}]}))),
    json.dumps(json.dumps({"password": {"old": HUSH}}, indent=1)) + " cut",
    json.dumps({"비밀번호": HUSH}),
    "said " + json.dumps({"비밀번호": HUSH}),
    '```json\n{"password": "hush, hush"}\n```',
    'Response: {"password": ["hush", "hush"], "n": 1}',
    '\ufeff{"password": "hush, hush"}',
    'data: {"n": 1}\n\ndata: {"api_key":"hush, hush"}\n\n',
    'x\n{"password":"hush, hush"}',
    '응답은 {"api_key":"hush, hush"} 입니다',
    "{'api_key': 'hush, hush'}",
    "KeyError: {'api_key': b'hush, hush', 'n': 1}",
    "Response {'token': SecretStr('hush, hush'), 'n': 1}",
    "{'api_key': \"it's hush, hush\"}",
    '{"password": "a\\\\", "secret": "hush, hush',
    '{"password": {"old": "hush',
    '[["authorization", "Bearer hush"]]',
    json.dumps([["authorization", "Bearer hush"]], indent=2),
    "sent [('Authorization', 'Bearer hush')]",
    'sent [["Authorization", "Bearer hush',
    '{"name": "Authorization", "value": "hush"}',
    repr("{'password': \"'hush'\"} it's"),
]


@pytest.mark.parametrize("text", AS_TEXT)
def test_secrets_in_texts_are_found_in_whatever_stands_around(text: str) -> None:
    redactor = Redactor()
    for value in (text, {"a": [text]}, [text] * 60, [{"deep": json.dumps([text])}]):
        assert b"hush" not in redactor.encoded(value, 100_000)
        assert REDACTED.encode() in redactor.encoded(value, 100_000)
    assert "hush" not in redactor.text(text)
    assert "hush" not in str(redactor.attribute("note", text))


def test_what_stands_beside_a_secret_in_a_text_stays() -> None:
    text = """Answer: {"n": 1, "password": "a, \\"b\\"", "m": [2]} and {'token': 3}"""
    assert Redactor().text(text) == text.replace(r"a, \"b\"", REDACTED)
    for harmless in (
        'he said "password", then left: it was late',
        'the \'token\': null, "max_tokens": 5 and ("a", "b")',
        '["I forgot my password", "how do I get a token?"]',
        "it's 10:30, isn't it",
        '{"name": "a", "value": 1}',
    ):
        assert redacted([harmless]) == [harmless]


@pytest.mark.parametrize(
    "value",
    [
        [("Authorization", "Bearer hush")],
        [["authorization", ["hush"]]],
        {"headers": [("x", "y"), ("x-api-key", "hush")]},
        {"name": "Authorization", "value": "hush", "n": 1},
        [{"key": "password", "value": {"is": "hush"}}],
        [{"Key": "DB_PASSWORD", "Value": "hush"}] * 60,
    ],
)
def test_secrets_are_found_where_a_pair_tells_their_name(value: Any) -> None:
    assert b"hush" not in Redactor().encoded(value, 100_000)


def test_pairs_that_tell_no_secret_stay() -> None:
    for value in (
        ["I forgot my password", "me too"],
        [["token", -0.5], ["a", "b"]],
        {"name": "password", "value": None},
        {"name": "x", "value": "y"},
    ):
        assert redacted(value) == value


NAMES = st.sampled_from(["password", "api_key", "Authorization", "비밀번호", "x-Token"])
SECRETS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WRAPS = st.lists(
    st.sampled_from(
        [
            lambda value: {"a": value},
            lambda value: [1, value],
            lambda value: (value, "x", None),
            lambda value: [*range(51), value],
            lambda value: json.dumps(value),
            lambda value: json.dumps(value, ensure_ascii=False, indent=1),
            lambda value: f"Answer: {json.dumps(value)}",
            lambda value: f"{value!r} it's",
            lambda value: f"```json\n{json.dumps({'b': value})}",
        ]
    ),
    max_size=3,
)


@given(
    NAMES,
    SECRETS,
    WRAPS,
    st.sampled_from([str, list, dict]),
    st.sampled_from([60, 400, 1_000_000]),
)
@example("password", "", [], str, 400)
def test_no_secret_gets_out_however_it_is_wrapped(
    name: str, around: str, wraps: Any, kind: Any, most: int
) -> None:
    secret = f"{around}hush{around}"
    value: Any = {
        name: {str: secret, list: [secret, 1], dict: {"old": secret}}[kind],
        "n": 1,
    }
    for wrap in wraps:
        value = wrap(value)
    assert b"hush" not in Redactor().encoded(value, most)


@given(st.text(st.sampled_from("\"'\\:,[](){}\n nrtpassword:")))
def test_no_text_at_all_makes_redaction_fail(text: str) -> None:
    for one in (text, f'"password": {text}', f'["password", {text}'):
        assert Redactor().text(one) != WITHHELD
        Redactor().encoded([one] * 51, 100_000)


def test_a_long_text_full_of_names_takes_no_longer_than_its_length() -> None:
    for piece in (
        '["password",',
        '{"password":',
        '\'"password\\":',
        '"password": "x", ',
    ):
        assert Redactor().text("see " + piece * 50_000).startswith("see ")
    backslashes = "see 'password': \"" + "\\" * 100_000
    assert Redactor().text(backslashes) == f"see 'password': '{REDACTED}'"
