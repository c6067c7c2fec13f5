"""A question of the bank on the page: the card, the verdict, and what the progress remembers."""

import html
from collections.abc import Callable

from immunolab.interactives import lecture
from immunolab.interactives.page import mimebundle
from immunolab.learning import progress, quiz
from immunolab.widgets import QuestionCard
from immunolab.widgets.static import static_question


class AskedQuestion:
    """Joins a question, its card and the learner's progress.

    Every answer gets its feedback at once and may be tried again without limit; the progress keeps the first try
    apart. Asking again (a cell run twice, a notebook reopened) shows what was answered.
    """

    def __init__(self, question: quiz.Question, record: progress.Progress, confidence: bool = False):
        self.question = question
        self.record = record
        self._listeners: list[Callable[[], None]] = []
        self.card = QuestionCard(question=question.card(ask_confidence=confidence))
        lecture.dress(self.card)
        self._on_stage = lecture.on()  # what was answered at the rehearsal does not give the answer away
        self._restore()
        self.card.observe(self._submitted, "submitted")

    def _restore(self) -> None:
        """Show what was answered before; an answer that the question no longer offers is left aside."""
        if not self.answered:
            return
        earlier = self.record.answer(self.question.id)
        verdict = quiz.judge(self.question, earlier)
        if verdict.answered or earlier is None:
            self.card.answer, self.card.verdict = earlier, verdict.card()

    @property
    def answered(self) -> bool:
        """Whether the learner has answered, or skipped, this question."""
        return not self._on_stage and self.record.answered(self.question.id)

    @property
    def predicted_value(self) -> float | None:
        """The number behind the option that was committed to, for the plot; None without one."""
        return self._predicted.value if self._predicted else None

    @property
    def predicted_text(self) -> str:
        """The option that was committed to, in words; empty without one."""
        return self._predicted.text if self._predicted else ""

    @property
    def _predicted(self) -> quiz.Option | None:
        chosen = self.record.answer(self.question.id) if self.answered else None
        return next((option for option in self.question.options if option.id == chosen), None)

    def on_answer(self, listener: Callable[[], None]) -> None:
        """Call ``listener()`` after each answer."""
        self._listeners.append(listener)

    def _submitted(self, _change) -> None:
        answer = self.card.answer
        self._on_stage = False
        verdict = quiz.judge(self.question, answer)
        if verdict.answered or answer is None:
            self.record.record_answer(self.question.id, answer, verdict.right, self.card.confidence or None)
        shown = verdict.card()
        if notice := self.record.notice():
            shown["summary"] += f"<br>{html.escape(notice)}"
        self.card.verdict = shown
        for listener in self._listeners:
            listener()

    @property
    def plain(self) -> str:
        return f"Question {self.question.id}: {self.question.stem}"

    def static(self) -> str:
        """Stem and options as HTML, without the key."""
        return static_question(self.card.question)

    def _repr_mimebundle_(self, **kwargs):
        return mimebundle(self.card, self.plain, self.static(), **kwargs)


def asked(question_id: str, confidence: bool = False) -> AskedQuestion:
    """A question of the bank, ready to be shown. Raises ValueError for an id the bank does not have."""
    return AskedQuestion(quiz.question(question_id), progress.current(), confidence)
