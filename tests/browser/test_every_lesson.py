"""The short journey of every lesson that is built: open, run, a move in each interactive, one answer, axe.

A new lesson is covered as soon as `immunolab/course.py` calls it ready; nothing has to be added here.
"""

import pytest
from checks import clean_by_axe, sentence_follows
from lesson_page import (
    FULL,
    Notebook,
    explorers,
    nothing_broken,
    remembered,
    right_answer,
    saved_figures_show,
    told,
    until,
)

from immunolab import course

OTHERS = [lesson.stem for lesson in course.ready() if lesson.stem != FULL]


@pytest.fixture(params=OTHERS)
def lesson(request, notebook: Notebook) -> Notebook:
    notebook.server.new_learner()
    return notebook.open(request.param)


def test_short_journey(lesson: Notebook):
    saved_figures_show(lesson)
    lesson.run_all()
    nothing_broken(lesson)
    assert not remembered(lesson.server).questions, "merely running a lesson wrote progress"

    stem = lesson.path.removeprefix("notebooks/").removesuffix(".ipynb")
    for model in explorers(stem):
        explorer = lesson.explorer(model)
        explorer.predict()
        explorer.nudge(model.controls[0])
        sentence_follows(explorer)
    if not explorers(stem) and lesson.pictures():
        picture = lesson.pictures()[0]
        before = picture.picture(), picture.sentence()
        lesson.page.get_by_role("slider").first.press("End")
        until(lesson.page, lambda: picture.sentence() != before[1], "the sentence follows the slider")
        until(lesson.page, lambda: picture.picture() != before[0], "the picture follows the slider")

    question = next((each for each in lesson.cards() if each.kind != "predict"), None)
    if question is not None:
        card = lesson.card(question)
        card.answer(right_answer(question))
        assert all(message in card.verdict() for message in told(question, right_answer(question)))

    lesson.show_all_cells()
    clean_by_axe(lesson.page)
    lesson.close()
