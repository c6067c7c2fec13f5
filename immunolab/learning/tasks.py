"""The checks of the exercises: ``check("02.E1", answer)`` says what the number tells and opens hints."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from immunolab.learning import quiz
from immunolab.learning.answers import UnreadableAnswer, read_number
from immunolab.learning.markup import inline_html, plain
from immunolab.learning.progress import Progress, current
from immunolab.learning.questions import Task, say_number

_STEPS = ("where to look", "the principle", "a step on the way", "the answer, and why")
_NOT_ANSWERED = "Not answered yet: replace the dots with your value, and run the cell again."


@dataclass(frozen=True)
class TaskResult:
    """What became of an answer.

    ``answered`` is False where there was no number to judge, which is no attempt. ``attempts`` counts the
    different wrong answers so far, and ``hints`` are those that they have opened, in order.
    """

    task: str
    title: str
    right: bool
    answered: bool
    message: str
    attempts: int = 0
    hints: tuple[str, ...] = ()

    @property
    def next_hint(self) -> str | None:
        """The hint that was opened last, if any."""
        return self.hints[-1] if self.hints else None

    def __str__(self) -> str:
        lines = [f"{self.task} {plain(self.title)}", f"{self._mark} {plain(self.message)}".lstrip()]
        lines += [f"{label}: {plain(text)}" for label, text in self._ladder()]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        """The same for the same answer, so that a saved notebook can be compared: no ids, no times."""
        mark = f"<strong>{self._mark}</strong> " if self._mark else ""
        folds = "".join(
            f"<details><summary>{label}</summary><p>{inline_html(text)}</p></details>"
            for label, text in self._ladder()
        )
        page = (
            f'<div class="il-task"><p><strong>{html.escape(self.task)}</strong> {inline_html(self.title)}</p>'
            f"<p>{mark}{inline_html(self.message)}</p>{folds}</div>"
        )
        return {"text/plain": str(self), "text/html": page}

    @property
    def _mark(self) -> str:
        if not self.answered:
            return ""
        return "✓ Right." if self.right else "✗ Not quite."

    def _ladder(self) -> Iterator[tuple[str, str]]:
        for number, (step, text) in enumerate(zip(_STEPS, self.hints, strict=False), start=1):
            yield f"Hint {number} of {len(_STEPS)}, {step}", text


def check(task_id: str, answer: Any, progress: Progress | None = None) -> TaskResult:
    """Compare an answer with the task's, and keep the outcome in the learner's progress.

    ``answer`` is a number, of numpy too, or text with a number and its unit. Dots (``...``) or None mean that
    nothing was answered yet. Nothing is written then, nor for what is no number, nor for an answer that was
    tried before. Raises ValueError for a task that does not exist.
    """
    task = quiz.task(task_id)
    progress = progress or current()
    if answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "...", "…")):
        return _unjudged(task, progress, _NOT_ANSWERED)
    try:
        number = read_number(answer, task.answer.unit)
    except UnreadableAnswer as error:
        return _unjudged(task, progress, str(error))
    right, message = say_number(task, number)
    if right:
        progress.record_task(task.id, True)
        return TaskResult(task.id, task.title, True, True, message, progress.attempts(task.id))
    progress.record_task(task.id, False, f"{number:.6g}")
    return TaskResult(task.id, task.title, False, True, message, *_opened(task, progress))


def _unjudged(task: Task, progress: Progress, message: str) -> TaskResult:
    return TaskResult(task.id, task.title, False, False, message, *_opened(task, progress))


def _opened(task: Task, progress: Progress) -> tuple[int, tuple[str, ...]]:
    """The attempts so far, and the hints open after them: one for each different wrong answer."""
    attempts = progress.attempts(task.id)
    return attempts, task.hints[:attempts]
