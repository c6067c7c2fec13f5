"""What a question is, how it is shown without its key, and how an answer is judged.

Judging happens here, in Python, so that the page a learner sees never holds the key.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from immunolab.learning.answers import UnreadableAnswer, read_number
from immunolab.learning.markup import inline_html

_OUTDATED = "This answer belongs to an older version of the question. Please answer again."


@dataclass(frozen=True)
class Option:
    """One option. Its id is its letter by bank order; ``value``, if any, is drawn as the prediction."""

    id: str
    text: str
    right: bool
    feedback: str
    misconception: str | None = None
    value: float | None = None


@dataclass(frozen=True)
class Item:
    """One thing to put in order. Its id is its letter by the order shown, which gives nothing away."""

    id: str
    text: str


@dataclass(frozen=True)
class NumericAnswer:
    """The number looked for, with its relative tolerance and unit ("" for a bare number)."""

    value: float
    tolerance: float
    unit: str = ""

    @property
    def low(self) -> float:
        return self.value - abs(self.value) * self.tolerance

    @property
    def high(self) -> float:
        return self.value + abs(self.value) * self.tolerance

    def accepts(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True)
class Slip:
    """A range of wrong numbers that tells how they came about."""

    low: float
    high: float
    feedback: str

    def catches(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True)
class Swap:
    """Two places of the right order that get exchanged, earlier place first, and what to say then."""

    pair: tuple[int, int]
    feedback: str


@dataclass(frozen=True)
class Question:
    """One question of a bank. Which of the fields after ``stem`` are filled depends on ``kind``."""

    id: str
    objective: str
    kind: str
    use: tuple[str, ...]
    stem: str
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    answer: NumericAnswer | None = None
    right_feedback: str = ""
    slips: tuple[Slip, ...] = ()
    swaps: tuple[Swap, ...] = ()
    otherwise: str = ""
    hint: str = ""
    source: tuple[str, ...] = ()
    last_checked: str = ""

    @property
    def lesson(self) -> str:
        """The two-digit number of its lesson."""
        return self.id[:2]

    @property
    def scored(self) -> bool:
        """Whether it counts in the learner's statistics: check, exit and spaced questions do."""
        return self.kind != "predict" and not {"check", "exit", "spaced"}.isdisjoint(self.use)

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of the right options, or of the items in their right order. Empty for numbers."""
        return tuple(part.id for part in self.items or self.options if isinstance(part, Item) or part.right)

    def shown(self) -> tuple[Option, ...] | tuple[Item, ...]:
        """Options or items in the order a learner sees: shuffled, and the same on every machine."""
        if self.items:
            return tuple(sorted(self.items, key=lambda item: item.id))
        return tuple(sorted(self.options, key=lambda option: shuffle_key(self.id, option.id)))

    def card(self, ask_confidence: bool = False) -> dict[str, Any]:
        """What a question card shows, as plain data with HTML texts. Nothing in it gives the key away."""
        shown = [{"id": part.id, "text_html": inline_html(part.text)} for part in self.shown()]
        return {
            "id": self.id,
            "kind": self.kind,
            "stem_html": inline_html(self.stem),
            "options": [] if self.items else shown,
            "items": shown if self.items else [],
            "unit": self.answer.unit if self.answer else "",
            "ask_confidence": ask_confidence,
            "hint_html": inline_html(self.hint),
        }


@dataclass(frozen=True)
class Task:
    """One check of an exercise: a number to compute, and four hints: place, principle, step, answer."""

    id: str
    objective: str
    title: str
    answer: NumericAnswer
    right_feedback: str
    otherwise: str
    hints: tuple[str, ...]
    slips: tuple[Slip, ...] = ()
    source: tuple[str, ...] = ()
    last_checked: str = ""


@dataclass(frozen=True)
class Bank:
    """The questions and tasks of one lesson."""

    lesson: str
    questions: tuple[Question, ...]
    tasks: tuple[Task, ...]
    path: Path
    lines: Mapping[str, int] = field(repr=False)
    """The line of the file on which each question or task begins, by id."""

    def question(self, question_id: str) -> Question:
        """The question with this id. Raises ValueError that lists the ids there are."""
        return _by_id(self.questions, question_id, self.lesson, "question")

    def task(self, task_id: str) -> Task:
        """The task with this id. Raises ValueError that lists the ids there are."""
        return _by_id(self.tasks, task_id, self.lesson, "task")

    def for_use(self, use: str) -> tuple[Question, ...]:
        """The questions with this use (pre, check, exit, spaced, poll, predict), in bank order."""
        return tuple(entry for entry in self.questions if use in entry.use)


def _by_id(entries: Iterable, wanted: str, lesson: str, what: str):
    known = {entry.id: entry for entry in entries}
    if wanted not in known:
        raise ValueError(f"Lesson {lesson} has no {what} {wanted!r}. It has: {', '.join(known) or 'none'}.")
    return known[wanted]


def shuffle_key(question_id: str, part_id: str) -> bytes:
    """A sort key that shuffles: from a digest, because ``hash`` and ``random`` may differ between Pythons."""
    return hashlib.sha256(f"{question_id}:{part_id}".encode()).digest()


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth, and what to tell the learner.

    ``right`` is None for a prediction, which is never scored. ``messages`` maps option ids to their feedback,
    and "" to what concerns the whole answer; options that were not chosen are spoken of only once the answer
    is right. ``marks`` says which of the options spoken of are right. ``answered`` is False where there was
    nothing to judge (no answer, not a number): that is not a try, and nothing to record.
    """

    right: bool | None
    messages: Mapping[str, str]
    summary: str
    answered: bool = True
    marks: Mapping[str, bool] = field(default_factory=dict)

    def card(self) -> dict[str, Any]:
        """The verdict as plain data with HTML texts, for a question card."""
        return {
            "right": self.right,
            "messages": {part: inline_html(text) for part, text in self.messages.items()},
            "summary": inline_html(self.summary),
            "answered": self.answered,
            "marks": dict(self.marks),
        }


def judge(question: Question, answer: Any) -> Verdict:
    """Judge an answer to a question of any kind.

    ``answer`` is an option id (single, predict), a list of option ids (multiple), a number or text (numeric),
    or a list of all item ids in the learner's order (order). None, "" and [] mean that nothing was answered.
    An id that the question no longer has meets a request to choose again, because old progress may hold it.
    """
    if answer is None or (isinstance(answer, str | list | tuple) and not answer):
        return _nothing(question)
    if question.kind == "numeric":
        return _judge_number(question, answer)
    chosen = list(answer) if isinstance(answer, list | tuple) else [answer]
    known = [part.id for part in question.options + question.items]
    if not all(part in known for part in chosen):
        return Verdict(_unscored(question), {"": _OUTDATED}, "Please answer again.", answered=False)
    return {"multiple": _judge_set, "order": _judge_order}.get(question.kind, _judge_choice)(question, chosen)


def say_number(entry: Question | Task, number: float) -> tuple[bool, str]:
    """Whether the number is the one looked for, and the feedback it meets."""
    if entry.answer.accepts(number):
        return True, entry.right_feedback
    return False, next((slip.feedback for slip in entry.slips if slip.catches(number)), entry.otherwise)


def _unscored(question: Question) -> bool | None:
    return None if question.kind == "predict" else False


def _nothing(question: Question) -> Verdict:
    if question.kind == "predict":
        return Verdict(None, {}, "Skipped.", answered=False)
    ask = {"numeric": "Write a number first.", "order": "Put every item in place first."}
    message = ask.get(question.kind, "Choose an answer first.")
    return Verdict(False, {"": message}, "Not answered yet.", answered=False)


def _summary(right: bool) -> str:
    return "Right." if right else "Not quite. Try again."


def _judge_choice(question: Question, chosen: list[str]) -> Verdict:
    if len(chosen) != 1:
        return Verdict(_unscored(question), {"": "Choose one option."}, "Not answered yet.", answered=False)
    if question.kind == "predict":
        messages = {option.id: option.feedback for option in question.options if option.id in chosen}
        return Verdict(None, messages, "Your prediction is noted.")
    return _judge_options(question, chosen)


def _judge_set(question: Question, chosen: list[str]) -> Verdict:
    verdict = _judge_options(question, chosen)
    if set(question.key) <= set(chosen):
        return verdict
    first = "What you chose is right. " if set(chosen) <= set(question.key) else ""
    return replace(verdict, messages={**verdict.messages, "": f"{first}Something is still missing."})


def _judge_options(question: Question, chosen: list[str]) -> Verdict:
    right = set(chosen) == set(question.key)
    spoken_of = [option for option in question.options if right or option.id in chosen]
    return Verdict(
        right,
        {option.id: option.feedback for option in spoken_of},
        _summary(right),
        marks={option.id: option.right for option in spoken_of},
    )


def _judge_number(question: Question, answer: Any) -> Verdict:
    try:
        number = read_number(answer, question.answer.unit)
    except UnreadableAnswer as error:
        return Verdict(False, {"": str(error)}, "Not a number yet.", answered=False)
    right, message = say_number(question, number)
    return Verdict(right, {"": message}, _summary(right))


def _judge_order(question: Question, chosen: list[str]) -> Verdict:
    if sorted(chosen) != sorted(item.id for item in question.items):
        return Verdict(False, {"": "Put every item in place, once."}, "Not complete yet.", answered=False)
    if tuple(chosen) == question.key:
        return Verdict(True, {"": question.right_feedback}, _summary(True))
    places = [chosen.index(item_id) for item_id in question.key]
    violated = (swap.feedback for swap in question.swaps if places[swap.pair[0]] > places[swap.pair[1]])
    return Verdict(False, {"": next(violated, question.otherwise)}, _summary(False))
