"""The core of the lesson in Notebook 7, which listens to keys before the widgets do."""

import pytest
from checks import clean_by_axe, moves_by_keyboard, sentence_follows
from lesson_page import (
    FULL,
    Notebook,
    explorers,
    nothing_broken,
    right_answer,
    saved_figures_show,
    told,
    wrong_answer,
)


@pytest.fixture(scope="module")
def lesson(notebook: Notebook) -> Notebook:
    notebook.open(FULL, kind="notebook")
    saved_figures_show(notebook)
    return notebook.run_all()


@pytest.mark.parametrize("model", explorers(FULL), ids=lambda model: model.title)
def test_an_explorer_works_by_keyboard(lesson: Notebook, model):
    explorer = lesson.explorer(model)
    explorer.predict()
    for control in (control for control in model.controls if not control.advanced):
        moves_by_keyboard(explorer, control)
    explorer.preset(model.presets[0].label)
    sentence_follows(explorer)


def test_questions_work_by_keyboard(lesson: Notebook):
    for kind in ("single", "multiple", "numeric", "order"):
        question = next(question for question in lesson.cards() if question.kind == kind)
        for answer in (wrong_answer(question), right_answer(question)):
            card = lesson.card(question)
            card.answer(answer)
            assert all(message in card.verdict() for message in told(question, answer))


def test_nothing_is_broken_and_axe_finds_nothing_of_ours(lesson: Notebook):
    nothing_broken(lesson)
    lesson.show_all_cells()
    clean_by_axe(lesson.page)
