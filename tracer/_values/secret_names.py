"""Which key names are those of secrets, however they are written."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

MOST_NAMES_REMEMBERED: Final = 4096
LONGEST_NAME_REMEMBERED: Final = 64

_WORDS = frozenset(
    "password passwords passwd passphrase passphrases passcode passcodes secret "
    "secrets authorization credential credentials creds jwt jwts bearer pwd cookie "
    "cookies auth dsn otp totp cvv cvc".split()
)

_ENDINGS = tuple(
    "password passwords passwd passphrase passphrases passcode pwd secret secrets jwts "
    "passwordhash passwordhashes authorization basicauth proxyauth httpauth "
    "authheaders cookies creds dsn apikey apikeys privatekey privatekeys "
    "accesskey accesskeys secretkey secretkeys seedphrase passwort kennwort motdepasse "
    "dbpass userpass sqlpass pgpass smtppass redispass ftppass adminpass rootpass "
    "mailpass databaseurl databaseuri dburl dburi postgresurl postgresqlurl mysqlurl "
    "redisurl mongourl mongouri mongodburl mongodburi amqpurl brokerurl "
    "connectionstring connstring connstr".split()
)
"""With anything before them: ``PGPASSWORD``, ``mypassword``."""

_KEYS = tuple(
    f"{owner}key"
    for owner in "openai anthropic claude azure aws gcp google gemini vertex cohere "
    "mistral groq deepseek huggingface hf replicate openrouter perplexity tavily "
    "pinecone qdrant langfuse langsmith wandb stripe github gitlab slack twilio "
    "sendgrid master encryption signing ssh subscription account storage rsa dsa ecdsa "
    "pgp gpg ssl tls hmac shared symmetric webhook license".split()
)
"""Keys that open something, as ``openai_key``; ``sort_key`` opens nothing."""

_TOKENS = tuple(
    f"{owner}tokens" for owner in "access refresh api auth bearer session id".split()
)
"""Tokens that open something: ``max_tokens`` and a tokenizer's ``tokens`` do not."""

_NO_TOKENS = frozenset("eos bos pad unk sep cls mask".split())
"""Special tokens of a tokenizer; every other text under ``…token`` is a secret."""

_ELSEWHERE = (
    "비밀번호",
    "패스워드",
    "пароль",
    "密码",
    "密碼",
    "パスワード",
    "contraseña",
)
_ENDINGS_ELSEWHERE = ("암호",)
"""Only at the end: 암호화 is encryption."""

_QUALIFIERS = frozenset(
    "prod production dev staging stage test live old new current previous default "
    "backup main primary secondary value values".split()
)
"""Words behind a name that leave it what it is: ``API_KEY_PROD``."""

_FORMS = frozenset("list hash pem raw base64 b64".split())
"""Likewise, but not behind ``token``: a ``token_list`` is a tokenizer's."""

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_VERSION = re.compile(r"v?[0-9]+")


def names_a_secret(key: str, value: Any = "") -> bool:
    """Return whether a key is the name of a secret, however it is written.

    Under ``…token`` only texts and what holds them are secret: counts and prices of
    tokens are numbers.
    """
    if value is None or isinstance(value, bool):
        return False
    is_short = len(key) <= LONGEST_NAME_REMEMBERED
    verdict = _verdict(key) if is_short else _verdict.__wrapped__(key)
    return verdict == "secret" or (
        verdict == "token" and not isinstance(value, int | float)
    )


def folded(key: str) -> str:
    """Return a key name as rules compare it: case, '-', '_' and spaces don't count."""
    if not key.isascii():
        key = unicodedata.normalize("NFKC", key)
    return re.sub(r"[-_\s]", "", key).lower()


@lru_cache(maxsize=MOST_NAMES_REMEMBERED)
def _verdict(key: str) -> str:
    if not key.isascii():
        key = unicodedata.normalize("NFKC", key)
        if _is_secret_elsewhere(folded(key).rstrip("0123456789")):
            return "secret"
    words = [word.lower() for word in _WORD.findall(key)]
    if not _WORDS.isdisjoint(words):
        return "secret"
    unqualified = _joined(words, _QUALIFIERS)
    bare = _joined(words, _QUALIFIERS | _FORMS)
    if bare.endswith(_ENDINGS) or bare.removesuffix("s").endswith(_KEYS):
        return "secret"
    is_token = unqualified.endswith("token") and _NO_TOKENS.isdisjoint(words)
    return "token" if is_token or bare.endswith(_TOKENS) else ""


def _is_secret_elsewhere(name: str) -> bool:
    return any(word in name for word in _ELSEWHERE) or name.endswith(_ENDINGS_ELSEWHERE)


def _joined(words: list[str], left_out: frozenset[str]) -> str:
    """Return a name in one piece, without what stands behind it."""
    n_words = len(words)
    while n_words > 1 and (
        words[n_words - 1] in left_out or _VERSION.fullmatch(words[n_words - 1])
    ):
        n_words -= 1
    return "".join(words[:n_words]).rstrip("0123456789")
