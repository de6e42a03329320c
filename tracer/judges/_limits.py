"""How fast a judge model may be asked: requests and tokens a minute, and pauses."""

from threading import Lock

MINUTE_S = 60.0


class RateLimit:
    """Spaces requests evenly; safe among threads. Times are seconds of one clock.

    Args:
        requests_per_minute: The most requests; None for no limit.
        tokens_per_minute: The most tokens, of prompts and answers; None for no limit.
    """

    def __init__(
        self, requests_per_minute: float | None, tokens_per_minute: float | None
    ) -> None:
        self._request_s = MINUTE_S / requests_per_minute if requests_per_minute else 0.0
        self._token_s = MINUTE_S / tokens_per_minute if tokens_per_minute else 0.0
        self._next_request_s = self._next_token_s = self._paused_until_s = 0.0
        self._lock = Lock()

    def reserve(self, tokens: int, now_s: float) -> float:
        """Take the next place for a request of so many tokens; return the wait for it.

        A request waits for the tokens of those before it, never for its own: one that
        is larger than a minute's tokens is made all the same.
        """
        with self._lock:
            at_s = max(now_s, self._next_request_s, self._next_token_s)
            self._next_request_s = at_s + self._request_s
            self._next_token_s = at_s + tokens * self._token_s
            return at_s - now_s

    def correct(self, reserved: int, used: int) -> None:
        """Count the tokens that a request really took in place of those reserved."""
        with self._lock:
            self._next_token_s += (used - reserved) * self._token_s

    def pause(self, until_s: float) -> None:
        """Let nobody ask before a time, as the server said."""
        with self._lock:
            self._paused_until_s = max(self._paused_until_s, until_s)

    def pause_left_s(self, now_s: float) -> float:
        """Return how long the pause lasts; 0 if there is none."""
        with self._lock:
            return max(0.0, self._paused_until_s - now_s)
