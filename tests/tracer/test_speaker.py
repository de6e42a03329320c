"""What our threads have to say never holds them up."""

import threading
from functools import partial

from tracer._speaker import MOST_WAITING, Speaker


class Ending:
    """What a failure's traceback may hold: its finaliser fails in its turn."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def __del__(self) -> None:
        self._speaker.say(lambda: None)


def test_what_is_forgotten_may_say_more_as_it_goes() -> None:
    """The thread that said one thing too many waited for itself, for ever."""
    speaker, handler_goes_on = Speaker(), threading.Event()

    def say_too_much() -> None:
        speaker.say(handler_goes_on.wait)
        kept = [Ending(speaker)]
        speaker.say(partial(len, kept.copy()))
        kept.clear()
        for _ in range(MOST_WAITING + 1):
            speaker.say(lambda: None)

    saying = threading.Thread(target=say_too_much, daemon=True)
    saying.start()
    saying.join(20)  # a limit: it takes a few milliseconds
    assert not saying.is_alive()
    handler_goes_on.set()
    speaker.wait(20)
