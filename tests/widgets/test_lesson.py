"""What a lesson asks of what was learned before."""

import pytest

from immunolab import course
from immunolab.learning import quiz
from immunolab.lesson import Lesson

BUILT = [bank.lesson for bank in quiz.built()]


def recalled(stem: str) -> list[str]:
    """The questions of a warm-up that belong to other lessons."""
    ids = [question.question.id for question in Lesson(stem).warm_up().questions]
    return [each for each in ids if not each.startswith(stem[:2])]


@pytest.mark.parametrize("stem", BUILT)
def test_two_questions_of_earlier_lessons_that_are_ready(stem):
    before = {built[:2] for built in BUILT if built < stem}
    ids = recalled(stem)
    assert len(set(ids)) == (2 if before else 0)
    assert {each[:2] for each in ids} <= before
    assert not before or ids[0].startswith(max(before))


def test_a_lesson_that_is_not_ready_is_not_asked_about(monkeypatch):
    *_, before, last = BUILT
    left = tuple(lesson for lesson in course.ready() if lesson.stem != before)
    monkeypatch.setattr(course, "ready", lambda: left)
    assert not any(each.startswith(before[:2]) for each in recalled(last))
    assert before not in [bank.lesson for bank in quiz.built()]
