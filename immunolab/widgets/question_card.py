"""A question on the page: it shows, collects an answer, and shows the verdict that Python gives."""

from collections.abc import Mapping
from typing import Any

import traitlets as t

from immunolab.widgets._base import CourseWidget, script, style
from immunolab.widgets._question import checked_question, checked_verdict

CONFIDENCES = ("", "sure", "unsure")


class QuestionCard(CourseWidget):
    """A question with its answer, its verdict and its feedback; tries are not limited.

    The card judges nothing and holds no key. When the learner submits, ``answer`` (and ``confidence``) arrive and
    ``submitted`` goes up by one: observe that, judge, and set ``verdict``.

    Parameters
    ----------
    question : mapping
        What is shown: ``id``, ``kind`` (single, multiple, numeric, order, predict), ``stem_html``, and as the kind
        needs ``options`` or ``items`` (each ``{"id", "text_html"}``, in the order shown), ``unit``,
        ``ask_confidence``, ``hint_html``.
    answer : option id, list of ids, or text
        An earlier answer: the id of an option (single, predict; None when a prediction was skipped), a list of ids
        (multiple; order: from first to last), or the text typed (numeric, with decimal point or comma, as typed).
        An id that the question no longer has counts as no answer.
    verdict : mapping
        ``right`` (True, False, or None for a prediction, which is not scored), ``messages`` (by option id; "" for
        the whole answer), ``summary``; optional ``marks`` (option id to whether it is a right one) to put the right
        symbol beside each option of a multiple choice, and ``answered`` False where there was nothing to judge.
        Messages of options that were not chosen are shown once the answer is right.
    confidence : {"", "sure", "unsure"}
        How sure the learner was at the first try.

    Raises
    ------
    ValueError
        If a part is missing or unknown, or a text holds HTML other than em, strong, code, sub, sup and br.
    """

    _esm = script("question_card")
    _css = style("question_card")

    question = t.Dict(read_only=True).tag(sync=True)
    answer = t.Any(None, allow_none=True).tag(sync=True)
    confidence = t.Enum(CONFIDENCES, "").tag(sync=True)
    submitted = t.Int(0).tag(sync=True)
    verdict = t.Dict().tag(sync=True)

    def __init__(
        self,
        question: Mapping[str, Any],
        *,
        answer: Any = None,
        verdict: Mapping[str, Any] | None = None,
        confidence: str = "",
        disabled: bool = False,
    ):
        self.set_trait("question", checked_question(question))
        super().__init__(answer=answer, verdict=dict(verdict or {}), confidence=confidence, disabled=disabled)

    def reopen(self) -> None:
        """Forget answer and verdict, as if the card were new; a prediction can be made again."""
        with self.hold_sync():  # `submitted` stays: it counts what the learner did
            self.answer, self.confidence, self.verdict = None, "", {}

    @t.validate("answer")
    def _valid_answer(self, proposal) -> Any:
        answer = proposal["value"]
        if answer is None or self.question["kind"] == "numeric":
            return answer
        known = {part["id"] for part in self.question["options"] + self.question["items"]}
        given = answer if isinstance(answer, list | tuple) else [answer]
        return (
            answer if set(given) <= known else None
        )  # remembered from a time when the question had other options

    @t.validate("verdict")
    def _valid_verdict(self, proposal) -> dict[str, Any]:
        return checked_verdict(self.question["id"], proposal["value"])
