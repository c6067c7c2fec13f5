"""A learner's progress: one small file, a code to carry it elsewhere, and what has been achieved.

Reading writes nothing, not even a folder. A write joins what was just answered with what the file holds now,
under a lock, and replaces the file in one step: two notebooks open at once lose nothing, and a crash leaves
the old file. Where nothing can be written the lesson goes on with the answers in memory, and says so once.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from immunolab import course
from immunolab.learning.questions import Bank, Question
from immunolab.learning.record import (
    CONFIDENCES,
    LONGEST_ANSWER,
    ProgressError,
    Record,
    Try,
    from_code,
    from_text,
    to_code,
    to_text,
)

__all__ = ["ObjectiveState", "Progress", "ProgressError", "Statistics", "Try", "current"]

_FILE = "progress.json"
_LOCK_SECONDS = 2.0
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class ObjectiveState:
    """How far an objective is: met when a question of it was answered right and its tasks have all passed."""

    id: str
    text: str
    question_right: bool
    open_tasks: tuple[str, ...]

    @property
    def met(self) -> bool:
        return self.question_right and not self.open_tasks


@dataclass(frozen=True)
class Statistics:
    """For the learner's own eyes: counts over the scored questions (check, exit, spaced) and the tasks."""

    questions: int
    answered: int
    right: int
    right_at_first: int
    sure: int
    sure_and_right: int
    tasks: int
    tasks_passed: int

    @property
    def first_try_share(self) -> float | None:
        """The share of answered questions that were right at the first try; None before the first answer."""
        return self.right_at_first / self.answered if self.answered else None

    def __str__(self) -> str:
        if not self.answered:
            return f"No question of {self.questions} answered yet."
        answered = f"{self.answered} of {self.questions} questions answered"
        text = f"{answered}, {self.right_at_first} right at the first try."
        if self.sure:
            text += f" Sure of {self.sure} first answers, and right in {self.sure_and_right} of these."
        return text


def current() -> "Progress":
    """The progress that lessons and checks share, in ``$IMMUNOLAB_PROGRESS`` or the user's data folder.

    There is one for each folder in a process, so that answers that cannot be saved are still known to all.
    """
    return _shared(_folder())


class Progress:
    """What one learner has answered, kept in a folder (by default `current`'s).

    A file that is damaged, foreign or newer, and a folder that cannot be written, are told in ``problem`` and
    never raise. A damaged or foreign file is left alone until the first answer; then a copy is set aside
    beside it and a fresh file begun. A newer file is never written: its own version of the course will want
    it whole, so the answers of this session stay in memory, and in `code`.
    """

    def __init__(self, folder: str | Path | None = None):
        self.path = (Path(folder).expanduser() if folder is not None else _folder()) / _FILE
        self.problem: str | None = None
        self._told: set[str] = set()
        self._unheard: list[str] = []
        self._saved = Record()  # the file as last read
        self._pending = Record()  # what was answered and could not be written
        self._stamp: tuple | None = None
        self._look()

    # What has been answered

    @property
    def record(self) -> Record:
        """Everything answered, here and in other notebooks that use the same file."""
        self._look()
        return self._saved.join(self._pending)

    def answer(self, question_id: str) -> Any:
        """The last answer to this question, or None."""
        last = self.last_try(question_id)
        return last.answer if last else None

    def answered(self, question_id: str) -> bool:
        """Whether this question was answered; a prediction that was skipped counts."""
        return question_id in self.record.questions

    def first_try(self, question_id: str) -> Try | None:
        """The first answer with its outcome, time and confidence, or None."""
        entry = self.record.questions.get(question_id)
        return entry.first if entry else None

    def last_try(self, question_id: str) -> Try | None:
        """The last answer with its outcome, time and confidence, or None."""
        entry = self.record.questions.get(question_id)
        return entry.last if entry else None

    def tries(self, question_id: str) -> int:
        """How often this question was answered."""
        entry = self.record.questions.get(question_id)
        return entry.tries if entry else 0

    def passed(self, task_id: str) -> bool:
        """Whether the check of this task has passed, now or earlier."""
        entry = self.record.tasks.get(task_id)
        return bool(entry and entry.right)

    def attempts(self, task_id: str) -> int:
        """How many different wrong answers to this task were tried."""
        entry = self.record.tasks.get(task_id)
        return len(entry.tried) if entry else 0

    # Recording

    def record_answer(
        self, question_id: str, answer: Any, right: bool | None, confidence: str | None = None
    ) -> None:
        """Keep an answer. ``right`` is None for a prediction, whose answer is None when it was skipped.

        The same answer given again is not another try. Raises ValueError for an id, an answer or a confidence
        ("sure", "unsure" or None) that is none.
        """
        if confidence not in CONFIDENCES:
            raise ValueError(f"confidence is {confidence!r}; it is one of “sure”, “unsure” and None.")
        new = Try(_plain(answer), right, _now(), confidence)
        self._change(lambda record: record.with_try(question_id, new))

    def record_task(self, task_id: str, right: bool, answer: str = "") -> None:
        """Keep the outcome of a check. A wrong ``answer`` that was tried before is no new attempt."""
        self._change(lambda record: record.with_task(task_id, right, answer[:LONGEST_ANSWER]))

    # What has been achieved

    def objectives(self, banks: Bank | Iterable[Bank]) -> tuple[ObjectiveState, ...]:
        """How far each objective of these banks' lessons is, in the order of the course list."""
        record = self.record
        return tuple(
            _objective_state(record, bank, objective, text)
            for bank in _several(banks)
            for objective, text in course.lesson(bank.lesson).objectives.items()
        )

    def met_objectives(self, banks: Bank | Iterable[Bank]) -> frozenset[str]:
        """The ids of the objectives that are met."""
        return frozenset(state.id for state in self.objectives(banks) if state.met)

    def statistics(self, banks: Bank | Iterable[Bank]) -> Statistics:
        """First tries, confidence and tasks over these banks."""
        record = self.record
        banks = _several(banks)
        scored = [question.id for bank in banks for question in bank.questions if question.scored]
        entries = [record.questions[part] for part in scored if part in record.questions]
        sure = [entry for entry in entries if entry.first.confidence == "sure"]
        tasks = [task.id for bank in banks for task in bank.tasks]
        return Statistics(
            questions=len(scored),
            answered=len(entries),
            right=sum(bool(entry.right) for entry in entries),
            right_at_first=sum(bool(entry.first.right) for entry in entries),
            sure=len(sure),
            sure_and_right=sum(bool(entry.first.right) for entry in sure),
            tasks=len(tasks),
            tasks_passed=sum(part in record.tasks and record.tasks[part].right for part in tasks),
        )

    # Carrying it elsewhere

    def code(self) -> str:
        """All progress as one code to copy, for example out of Binder. It holds answers, no names."""
        return to_code(self.record)

    def export(self) -> str:
        """All progress as readable JSON, the very content of the file."""
        return to_text(self.record) + "\n"

    def restore(self, text: str) -> str:
        """Join the progress in a code or an exported text with what is here, and say what came in.

        Nothing that is here is lost. Raises `ProgressError` for a text that is damaged, foreign or newer.
        """
        text = text.strip().lstrip("\ufeff")
        pasted = from_text(text) if text.startswith("{") else from_code(text)
        before = self.record
        self._change(lambda record: record.join(pasted))
        new = before.join(pasted).without(before)
        count = len(new.questions) + len(new.tasks)
        if not count:
            return "Restored: everything in it was here already."
        return f"Restored: {count} {'answer is' if count == 1 else 'answers are'} new or changed here."

    def forget(self, sure: bool = False) -> str:
        """Delete the progress file and what is in memory. Nothing happens unless ``sure`` is True.

        Files that were set aside stay, because they may not be ours; the sentence returned names them.
        Raises `ProgressError` where that is not said, where the file is not of this version of the course,
        and where it cannot be deleted.
        """
        if sure is not True:
            raise ProgressError("Nothing was deleted. To delete your progress here, write forget(sure=True).")
        if self.path.exists():
            self._delete()
        self._saved = self._pending = Record()
        self._stamp = self.problem = None
        self._unheard.clear()
        kept = sorted(path.name for path in self.path.parent.glob(f"{_FILE}.kept-*"))
        remains = f" Set aside earlier, and still in {self.path.parent}: {', '.join(kept)}." if kept else ""
        return f"Your progress here is deleted.{remains}"

    def notice(self) -> str | None:
        """What to tell the learner about the file, or None: each problem is told once."""
        told, self._unheard = self._unheard, []
        return "\n".join(told) or None

    # The file

    @property
    def _new_path(self) -> Path:
        return self.path.with_name(f"{_FILE}.new")

    def _lock(self):
        from filelock import FileLock

        lock = FileLock(self.path.with_name(f"{_FILE}.lock"))
        return lock.acquire(timeout=_LOCK_SECONDS, poll_interval=0.01)

    def _look(self) -> None:
        """Read the file if it has changed since it was last read."""
        try:
            stamp = _stamp(self.path)
            if stamp == self._stamp:
                return
            self._saved = self._read() if stamp else Record()
            self._stamp, self.problem = stamp, None
        except ProgressError as error:
            self._stamp = stamp
            self._say(self._unreadable(error))
        except OSError as error:
            self._say(f"Your progress file {self.path} cannot be read: {_why(error)}. {_MEMORY}")

    def _read(self) -> Record:
        return from_text(_patiently(self.path.read_bytes))

    def _change(self, change: Callable[[Record], Record]) -> None:
        """Apply a change and save it; where that fails, keep it in memory and try again with the next one."""
        before = self.record
        after = change(before)
        if after == before and self._pending == Record():
            return
        try:
            self._save(change)
        except ProgressError as error:  # a newer file
            self._keep(after, before)
            self._say(self._unreadable(error))
        except (OSError, NotImplementedError) as error:  # filelock's Timeout is an OSError
            self._keep(after, before)
            self._say(f"Your progress cannot be saved in {self.path.parent}: {_why(error)}. {_MEMORY}")
        else:
            self._pending, self.problem = Record(), None

    def _keep(self, after: Record, before: Record) -> None:
        self._pending = self._pending.join(after.without(before))

    def _save(self, change: Callable[[Record], Record]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock():
            record = change(self._base().join(self._pending))
            with self._new_path.open("wb") as file:
                file.write((to_text(record) + "\n").encode())
                file.flush()
                os.fsync(file.fileno())
            _patiently(lambda: self._new_path.replace(self.path))
            self._saved, self._stamp = record, _stamp(self.path)

    def _base(self) -> Record:
        """What the file holds now. A file that cannot be understood is set aside, unless it is newer."""
        try:
            return self._read()
        except FileNotFoundError:
            return Record()
        except ProgressError as error:
            if error.kind == "newer":
                raise
            kept = _set_aside(self.path)
            self._unheard.append(f"The old progress file is kept as {kept}; a fresh one has been started.")
            return self._saved

    def _delete(self) -> None:
        try:
            self._read()
            with self._lock():
                _patiently(self.path.unlink)
                self._new_path.unlink(missing_ok=True)
        except ProgressError as error:
            by_hand = f"{error} It was not deleted; you can delete {self.path} by hand."
            raise ProgressError(by_hand, error.kind) from None
        except (OSError, NotImplementedError) as error:
            raise ProgressError(f"{self.path} could not be deleted: {_why(error)}.") from None

    def _unreadable(self, error: ProgressError) -> str:
        return f"{error} It is your progress file {self.path}, left as it is. {_PLAN[error.kind]}"

    def _say(self, problem: str) -> None:
        self.problem = problem
        if problem not in self._told:
            self._told.add(problem)
            self._unheard.append(problem)


_MEMORY = "You can go on: your answers are kept in this session, and “code()” gives you a copy to take along."
_PLAN = {
    "damaged": "A copy of it will be set aside when you next answer, and a fresh file begun.",
    "foreign": "A copy of it will be set aside when you next answer, and a fresh file begun.",
    "newer": _MEMORY,
}


def _folder() -> Path:
    named = os.environ.get("IMMUNOLAB_PROGRESS")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("immunolab", appauthor=False))


@lru_cache
def _shared(folder: Path) -> Progress:
    return Progress(folder)


def _objective_state(record: Record, bank: Bank, objective: str, text: str) -> ObjectiveState:
    right = any(
        part.id in record.questions and bool(record.questions[part.id].right)
        for part in bank.questions
        if part.objective == objective and _counts(part)
    )
    passed = {part for part, entry in record.tasks.items() if entry.right}
    still_open = (task.id for task in bank.tasks if task.objective == objective and task.id not in passed)
    return ObjectiveState(objective, text, right, tuple(still_open))


def _counts(question: Question) -> bool:
    return not {"check", "exit"}.isdisjoint(question.use)


def _several(banks: Bank | Iterable[Bank]) -> tuple[Bank, ...]:
    return (banks,) if isinstance(banks, Bank) else tuple(banks)


def _plain(answer: Any) -> Any:
    """The answer as JSON would give it back."""
    if hasattr(answer, "tolist"):  # a number of numpy
        answer = answer.tolist()
    if isinstance(answer, str):
        return answer.strip()[:LONGEST_ANSWER]
    return list(answer) if isinstance(answer, tuple) else answer


def _now() -> int:
    return int(time.time())


def _stamp(path: Path) -> tuple | None:
    """What changes when the file does; None where there is no file."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino


def _set_aside(path: Path) -> Path:
    """Copy the file to the first free name beside it, unless it was copied before."""
    content = path.read_bytes()
    number = 1
    while True:
        kept = path.with_name(f"{_FILE}.kept-{number}")
        try:
            with kept.open("xb") as file:
                file.write(content)
            return kept
        except FileExistsError:
            if kept.is_file() and kept.read_bytes() == content:
                return kept
            number += 1


def _patiently(action: Callable[[], _Result]) -> _Result:
    """Do it, and again if refused: Windows refuses to replace a file while another process reads it."""
    for _ in range(4):
        try:
            return action()
        except PermissionError:
            time.sleep(0.02)
    return action()


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "another notebook holds it, and did not let go"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
