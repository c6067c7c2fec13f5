"""What a lesson asks of what was learned before."""

import re
from itertools import pairwise

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


@pytest.mark.parametrize(("before", "stem"), [*pairwise(BUILT)])
def test_no_lesson_repeats_what_the_one_before_it_asked(before, stem):
    assert not {*recalled(before)} & {*recalled(stem)}


@pytest.mark.parametrize("bank", quiz.built(), ids=lambda bank: bank.lesson)
def test_a_question_asked_again_stands_by_itself(bank):
    for question in bank.for_use("spaced"):
        assert not re.search(r"\b(segment|above|below|this lesson|the plot)\b", question.stem), question.id


def test_a_lesson_that_is_not_ready_is_not_asked_about(monkeypatch):
    *_, before, last = BUILT
    left = tuple(lesson for lesson in course.ready() if lesson.stem != before)
    monkeypatch.setattr(course, "ready", lambda: left)
    assert not any(each.startswith(before[:2]) for each in recalled(last))
    assert before not in [bank.lesson for bank in quiz.built()]


def test_only_the_whole_list_of_terms_leads_to_those_of_the_others():
    lesson = Lesson("02_immune_checkpoints")
    link = "href='90_glossary_and_sources.ipynb'"
    assert link in lesson.glossary().data
    assert link not in lesson.glossary("checkpoint").data


def test_the_glossary_is_no_next_lesson():
    last = [lesson for lesson in course.ready() if lesson.objectives][-1]
    assert course.ready()[-1].stem.startswith("90")
    assert course.next_ready(last.stem) is None
