"""The full journey of one lesson, in the order in which a learner goes: each test goes on where the last one left."""

import json
import re

import pytest
from checks import frames_do_not_flicker, moves_by_keyboard, sentence_follows
from lesson_page import (
    FULL,
    Card,
    Notebook,
    explorers,
    nothing_broken,
    remembered,
    right_answer,
    saved_figures_show,
    told,
    until,
    words,
    wrong_answer,
)

from immunolab.learning import quiz
from immunolab.learning.markup import plain
from immunolab.saving import VIEW

EXPLORERS = pytest.mark.parametrize("model", explorers(FULL), ids=lambda model: model.title)
KINDS = ("single", "multiple", "numeric", "order")
BANK = quiz.load(FULL)


def test_it_opens_as_it_was_saved(notebook: Notebook):
    notebook.open(FULL)
    saved_figures_show(notebook)
    figures = words(" ".join(notebook.page.locator(".il-static figcaption").all_text_contents()))
    for model in explorers(FULL):
        start = model.sentence(model.start, model.compute(**model.start))
        assert start in figures, f"{model.title} is saved without its sentence"


def test_every_cell_runs(notebook: Notebook):
    notebook.run_all()
    nothing_broken(notebook)
    assert not remembered(notebook.server).questions, "merely running the lesson wrote progress"


@EXPLORERS
def test_the_controls_unlock_after_a_prediction(notebook: Notebook, model):
    explorer = notebook.explorer(model)
    question = quiz.question(model.prediction)
    option = next(option for option in question.options if option.value is not None)
    before = explorer.picture()
    assert explorer.locked() and explorer.control(model.controls[0]).is_disabled()
    explorer.predict(option.id)
    until(
        notebook.page,
        lambda: explorer.picture() != before,
        f"the prediction stands in {model.title}'s picture",
    )
    assert words(plain(option.feedback)) in notebook.card(question).verdict()
    assert remembered(notebook.server).questions[question.id].last.answer == option.id


@EXPLORERS
def test_every_control_moves_by_keyboard(notebook: Notebook, model):
    explorer = notebook.explorer(model)
    explorer.unfold()
    for control in model.controls:
        moves_by_keyboard(explorer, control)


@EXPLORERS
def test_presets_and_reset(notebook: Notebook, model):
    explorer = notebook.explorer(model)
    for preset in model.presets:
        explorer.preset(preset.label)
        sentence_follows(explorer)
    explorer.reset()
    sentence_follows(explorer)


@EXPLORERS
def test_a_frame_drawn_ahead_is_the_real_one(notebook: Notebook, model):
    """What a key press shows at once, out of the store, is what the kernel then draws: nothing flickers."""
    explorer = notebook.explorer(model)
    frames_do_not_flicker(explorer, model.controls[1])


@EXPLORERS
def test_tab_walks_through_an_explorer_and_out_of_it(notebook: Notebook, model):
    """Every control is a stop, in the order of the page, and the keyboard is never caught."""
    explorer = notebook.explorer(model)
    stops = explorer.stops()
    explorer.root.locator(stops[0]).focus()
    for stop in stops[1:]:
        explorer.press("Tab")
        here = notebook.page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        assert explorer.root.locator(stop).evaluate("(node) => node === document.activeElement"), (stop, here)
    explorer.press("Tab")
    assert not explorer.root.locator(":focus").count(), "Tab does not lead out of the explorer"


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_answered_wrong_and_then_right(notebook: Notebook, kind):
    question = next(question for question in notebook.cards() if question.kind == kind)
    card = notebook.card(question)
    for answer, right in ((wrong_answer(question), False), (right_answer(question), True)):
        card.answer(answer)
        shown = card.verdict()
        assert all(message in shown for message in told(question, answer)), (answer, shown)
        assert ("Not quite" in shown) is not right, shown
        assert remembered(notebook.server).questions[question.id].right is right
    assert remembered(notebook.server).questions[question.id].first.right is False


def test_the_notebook_itself_was_left_alone(notebook: Notebook):
    """Keys meant for a control have edited, moved and run no cell."""
    saved = json.loads((notebook.server.course / notebook.path).read_text("utf-8"))
    assert notebook.sources() == ["".join(cell["source"]) for cell in saved["cells"]]


def test_the_progress_code_brings_everything_back(notebook: Notebook):
    before = remembered(notebook.server)
    panel = notebook.cell(notebook.find("lesson.progress()"))
    press = lambda name: panel.get_by_role("button", name=name, exact=True).press("Enter")  # noqa: E731
    code = panel.get_by_label("Your code")
    old = code.input_value()
    press("Refresh")
    until(notebook.page, lambda: code.input_value() != old, "the code follows the answers")
    copied = code.input_value()
    press("Delete my progress")
    press("No, keep it")
    until(notebook.page, lambda: "Nothing was deleted" in panel.inner_text(), "the learner is told")
    assert remembered(notebook.server) == before
    press("Delete my progress")
    press("Yes, delete it")
    until(notebook.page, lambda: not remembered(notebook.server).questions, "the progress is deleted")
    panel.get_by_label("Paste a code").fill(copied)
    press("Restore from this code")
    until(notebook.page, lambda: remembered(notebook.server) == before, "the progress is back")


def test_saved_closed_and_opened_again(notebook: Notebook):
    answered = {kind: next(q for q in notebook.cards() if q.kind == kind) for kind in KINDS}
    before = remembered(notebook.server)
    saved = notebook.save().read_text("utf-8")
    assert VIEW not in saved, "the saved notebook points at widgets that die with their kernel"
    notebook.close()
    notebook.open(FULL)
    nothing_broken(notebook)
    assert notebook.page.locator(".il-static").count(), "the saved copy has lost its figures"
    assert remembered(notebook.server) == before

    notebook.run_all()
    for question in answered.values():
        card = Card(notebook.page, question)
        until(notebook.page, card.verdict, f"{question.id} shows its verdict again")
        given, right = card.given(), right_answer(question)
        assert sorted(given) == sorted(right) if question.kind == "multiple" else given in (right, [right])


def test_the_exercise(notebook: Notebook):
    """A task wrong twice, a hint each time, then right; the attempt counts only when there was one."""
    notebook.close()
    notebook.open(f"exercises/{FULL}/exercise.ipynb").run_all()
    task = BANK.tasks[0]
    at = notebook.find(f'lesson.check("{task.id}"')
    stub = notebook.sources()[at]
    output = notebook.cell(at).locator(".il-task")
    assert "Not answered yet" in output.text_content() and not output.locator("details").count()

    def give(value: float) -> str:
        """Write the answer as a learner does, run the cell, and read what comes."""
        notebook.write(at, re.sub(r"= \.\.\..*", f"= {value:g}", stub))
        before = output.text_content()
        notebook.run_cell(at)
        until(notebook.page, lambda: output.text_content() != before, f"a message on {value:g}")
        for fold in output.locator("summary").all():
            fold.press("Enter")
        return words(output.inner_text())

    for attempt, slip in enumerate(task.slips[:2], start=1):
        shown = give((slip.low + slip.high) / 2)
        assert "Not quite" in shown and words(plain(slip.feedback)) in shown
        assert output.locator("details").count() == attempt
        assert words(plain(task.hints[attempt - 1])) in shown
    assert words(plain(task.right_feedback)) in give(task.answer.value)
    record = remembered(notebook.server).tasks[task.id]
    assert record.right and len(record.tried) == 2
