import json
import re
from typing import Any

import pytest

from tracer._values.redact import MOST_LEVELS_LOOKED_AT, WITHHELD, Redactor
from tracer._values.secret_names import names_a_secret
from tracer._values.secret_texts import REDACTED


def redacted(value: Any, *rules: Any) -> Any:
    return json.loads(Redactor(rules).encoded(value, 100_000))


@pytest.mark.parametrize(
    "key",
    "api_key apiKey OPENAI_API_KEY x-api-key Authorization password userPassword "
    "client_secret secret token access_token refreshToken aws_secret_access_key "
    "private_key credentials cookie jwt PGPASSWORD mypassword openai_key passwd1 "
    "dbpwd MYSQL_PWD OPENAI_KEY_2 OpenAIKey api_key_1 clientsecret azureOpenaiKey "
    "token2 cookies proxyauthorization basicauth API_KEY_PROD apikey_prod "
    "openai_api_key_v2 api_keys_list private_key_pem SECRETKEY passphrases "
    "PASSWORDHASH refresh_tokens access_tokens api_tokens tokenValue JWTs "
    "storage_account_key rsa_key db_pass passcode creds dsn DATABASE_URL otp "
    "비밀번호 암호 пароль ｐａｓｓｗｏｒｄ 사용자_비밀번호 "
    "http.request.header.authorization".split(),
)
def test_names_of_secrets_are_known_however_they_are_written(key: str) -> None:
    assert names_a_secret(key)
    assert redacted({"deep": [{key: "abc"}]}) == {"deep": [{key: REDACTED}]}


@pytest.mark.parametrize(
    "key",
    "question max_tokens input_tokens tokenizer eos_token secretary author keys "
    "monkey keyboard token_count tokens sort_key primary_key cache_key public_key "
    "google_keyboard aws_s3_key openai_cache_key auth0 secretariat key passwordless "
    "max_tokens_2 author passage compass pass bypass keyboard_layout 암호화 비밀 "
    "token_list session_id key_list value prod".split(),
)
def test_names_that_only_look_like_secrets_are_left_alone(key: str) -> None:
    assert redacted({key: "abc"}) == {key: "abc"}


def test_a_number_of_tokens_is_no_secret_but_a_numeric_password_is() -> None:
    value = {"cost_per_token": 0.5, "password": 1234, "secret": None}
    assert redacted(value) == {
        "cost_per_token": 0.5,
        "password": REDACTED,
        "secret": None,
    }


def test_secrets_within_json_within_a_text_are_found() -> None:
    arguments = json.dumps({"user": "a", "password": "p"})
    found = redacted({"arguments": arguments})
    assert json.loads(found["arguments"]) == {"user": "a", "password": REDACTED}


def test_secrets_are_found_in_json_behind_white_space_and_line_by_line() -> None:
    assert redacted({"body": '\n {"api_key":"hush"}'}) == {
        "body": '{"api_key":"[redacted]"}'
    }
    lines = '{"n":1}\n{"password":"hush"}\n{"n":2}'
    assert redacted(lines) == '{"n":1}\n{"password":"[redacted]"}\n{"n":2}'


def test_json_that_was_cut_short_keeps_nothing_from_its_first_secret_on() -> None:
    cut = '{"n": 1,\n "password": {"old": "hush",\n "new": "hush'
    assert redacted([cut]) == ['{"n": 1,\n "password": "[redacted]"']
    long = '{"password": "hush", "text": "' + "x" * 200_000
    assert b"hush" not in Redactor().encoded({"body": long}, 1_000)


def test_secrets_within_metadata_are_found_and_the_rest_stays_as_it_was() -> None:
    redactor = Redactor()
    inside = '{"api_key":"sk-1","model":"gpt-4o","max_tokens":5}'
    shown = '{"api_key":"[redacted]","model":"gpt-4o","max_tokens":5}'
    assert redactor.attribute("cfg", inside) == shown
    assert redactor.attribute("steps", f"[{inside}]") == f"[{shown}]"
    for text in ('{"a": 1}', "{password: it is no JSON", "[1, 2", "plain", ""):
        assert redactor.attribute("note", text) == text


def test_rules_see_metadata_that_is_json_as_values() -> None:
    phone = re.compile(r"\d{3}-\d{4}")
    redactor = Redactor([phone, "ssn"])
    found = redactor.attribute("user", '{"ssn":"1","phone":"010-1234"}')
    assert found == '{"ssn":"[redacted]","phone":"[redacted]"}'
    assert redactor.attribute("user", "{call 010-1234") == "{call [redacted]"


def test_memory_for_names_is_bounded_by_their_length() -> None:
    redactor, long = Redactor(), "k" * 1000
    assert json.loads(
        redactor.encoded({long: "v", long + "_password": "p"}, 10_000)
    ) == {
        long: "v",
        long + "_password": REDACTED,
    }
    assert redactor._harmless == set()


def test_secrets_in_objects_and_in_long_lists_are_found() -> None:
    rows = [{"id": n, "token": "t"} for n in range(200)]
    assert {row["token"] for row in redacted(rows)} == {REDACTED}


def test_a_key_once_known_as_harmless_does_not_hide_a_secret_beside_it() -> None:
    redactor = Redactor()
    for value in ({"q": "x"}, {"q": "x", "password": "y"}):
        text = redactor.encoded(value, 1000)
    assert json.loads(text) == {"q": "x", "password": REDACTED}


def test_secrets_in_json_texts_are_found_where_every_name_around_is_known() -> None:
    redactor = Redactor()
    for arguments in ('{"city":"Seoul"}', '{"city":"Seoul","password":"p"}', " {"):
        value = [{"role": "assistant", "parts": [{"arguments": arguments}]}]
        found = json.loads(redactor.encoded(value, 1000))[0]["parts"][0]["arguments"]
        assert found == arguments.replace('"p"', f'"{REDACTED}"')


def test_a_value_within_itself_and_a_deep_one_are_recorded() -> None:
    itself: list[Any] = [{"password": "p"}]
    itself += [itself, itself]
    assert redacted(itself) == [{"password": REDACTED}, "<cycle>", "<cycle>"]
    deep: Any = {"password": "p"}
    for _ in range(MOST_LEVELS_LOOKED_AT + 1):
        deep = [deep]
    assert REDACTED in str(redacted(deep))


def test_a_key_name_of_the_user_is_redacted_too() -> None:
    assert redacted({"Resident-No": 1, "password": "x"}, "resident_no") == {
        "Resident-No": REDACTED,
        "password": REDACTED,
    }


def test_a_pattern_is_replaced_within_every_text() -> None:
    phone = re.compile(r"\d{3}-\d{4}-\d{4}")
    assert redacted({"q": "전화 010-1234-5678 입니다"}, phone) == {
        "q": f"전화 {REDACTED} 입니다"
    }
    assert Redactor([phone]).text("call 010-1234-5678") == f"call {REDACTED}"


def test_a_function_sees_the_whole_value_and_its_answer_is_recorded() -> None:
    assert redacted({"q": "x"}, lambda value: {"keys": sorted(value)}) == {
        "keys": ["q"]
    }


@pytest.mark.parametrize("broken", [lambda value: 1 / 0, lambda value: object()])
def test_a_rule_that_fails_lets_nothing_out(broken: Any) -> None:
    assert redacted({"q": "private"}, broken) == WITHHELD


def test_an_exception_text_is_withheld_if_a_rule_fails() -> None:
    assert Redactor([lambda value: 1 / 0]).text("private") == WITHHELD


def test_a_value_that_redaction_made_longer_is_shortened_again() -> None:
    data = Redactor().encoded([{"pwd": ""}] * 9000, 100_000)
    assert len(data) <= 100_000
    assert "truncated" in json.loads(data)[-1]


def test_rules_reach_the_keys_of_objects_and_each_keeps_its_value() -> None:
    phone = re.compile(r"\d{3}-\d{4}")
    found = redacted({"010-1234": 1, "010-9876": 2, "n": 3}, phone)
    assert found == {REDACTED: 1, f"{REDACTED} 2": 2, "n": 3}
