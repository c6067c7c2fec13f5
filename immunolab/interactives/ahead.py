"""Frames drawn ahead: while the kernel is idle, the neighbours of the present state are sent to the browser.

A learner on Binder sits 100 to 200 ms away from the kernel. A press or a slow drag then finds its frame already
there, and the kernel is told afterwards. The frames come from the same compute and draw as every other.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

REST_S = 0.03  # idle time before the first frame, and between two: a real move gets its turn
FRAMES_A_REST = 16  # the budget of work
FRAMES_KEPT = 40  # the budget of memory: the browser keeps a few more, so that what is counted here is there


@dataclass(frozen=True)
class Neighbour:
    """A state a learner may go to next: the key of the controls there, and how to draw it."""

    key: str
    draw: Callable[[], tuple[bytes, str, str]]  # frame, sentence, alt


class ReadAhead:
    """Draws neighbours one by one in idle time, and stops at once when something real happens.

    Without a running event loop (plain Python, tests) it does nothing by itself; ``run()`` draws all at once.
    """

    def __init__(self, figure, neighbours: Callable[[], Iterator[Neighbour]]):
        self._figure = figure
        self._neighbours = neighbours
        self._waiting: asyncio.TimerHandle | None = None
        self._sent: dict[str, None] = {}  # in the order of sending

    def restart(self) -> None:
        """Something moved: begin again with the neighbours of where the controls stand now."""
        self.stop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._later(loop, self._todo())

    def stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def forget(self) -> None:
        """Frames that were sent are no longer what a move would show."""
        if self._sent:
            self._figure.forget()
            self._sent.clear()

    def run(self) -> None:
        """Draw all neighbours now."""
        for neighbour in self._todo():
            self._send(neighbour)

    def _todo(self) -> Iterator[Neighbour]:
        new = (neighbour for neighbour in self._neighbours() if neighbour.key not in self._sent)
        return (neighbour for neighbour, _ in zip(new, range(FRAMES_A_REST), strict=False))

    def _later(self, loop, todo: Iterator[Neighbour]) -> None:
        self._waiting = loop.call_later(REST_S, self._step, loop, todo)

    def _step(self, loop, todo: Iterator[Neighbour]) -> None:
        neighbour = next(todo, None)
        if neighbour is None:
            self._waiting = None
            return
        self._send(neighbour)
        self._later(loop, todo)

    def _send(self, neighbour: Neighbour) -> None:
        while len(self._sent) >= FRAMES_KEPT:
            del self._sent[next(iter(self._sent))]  # the browser drops its oldest by itself
        self._sent[neighbour.key] = None
        try:
            frame, sentence, alt = neighbour.draw()
        except ValueError:  # a state the model refuses is explained when a learner really goes there
            return
        self._figure.ahead(neighbour.key, frame, sentence, alt)
