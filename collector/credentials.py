"""Keys as requests carry them: one text, two ways to write it."""

import base64
import binascii


def key_in(authorization: str) -> str:
    """Return the key in an ``authorization`` value, empty if there is none.

    ``Bearer KEY``, or ``Basic`` with the key as the password: that is where Langfuse's
    clients put their secret key.
    """
    kind, _, sent = authorization.strip().partition(" ")
    if kind.lower() == "bearer":
        return sent.strip()
    if kind.lower() == "basic":
        try:
            pair = base64.b64decode(sent.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
        return pair.partition(":")[2]
    return ""
