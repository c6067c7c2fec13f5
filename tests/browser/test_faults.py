"""What goes wrong in a lecture room: kernels busy and restarted, lines cut, two windows, a disk that refuses."""

import pytest
from checks import drag_leaves_nothing_behind, sentence_follows, without_connection
from lesson_page import FULL, Notebook, explorers, remembered, right_answer, told, until
from playwright.sync_api import Page

SYNAPSE, *_ = explorers(FULL)
CONTROL = SYNAPSE.controls[1]
RECONNECT_SECONDS = 120  # JupyterLab waits longer, by chance, with every try that failed


@pytest.fixture(scope="module")
def lesson(notebook: Notebook) -> Notebook:
    notebook.open(FULL).run_all()
    notebook.explorer(SYNAPSE).predict()
    return notebook


def test_a_drag_while_the_kernel_is_busy(lesson: Notebook):
    lesson.in_kernel("import time; time.sleep(3)", wait=False)
    drag_leaves_nothing_behind(lesson.explorer(SYNAPSE), CONTROL)


def test_the_connection_is_lost_and_comes_back(lesson: Notebook):
    explorer, page = lesson.explorer(SYNAPSE), lesson.page
    with without_connection(page):
        explorer.key(CONTROL, "ArrowRight", 3)
        until(page, lambda: "connection to the kernel is lost" in explorer.message(), "the learner is told")
        assert explorer.control(CONTROL).is_disabled(), "a dead slider that seems to work"
    until(page, lambda: not explorer.message(), "the connection comes back by itself", RECONNECT_SECONDS)
    for dialog in page.locator(".jp-Dialog button").all():  # JupyterLab's own word about the server
        dialog.press("Enter")
    explorer.key(CONTROL, "ArrowLeft", 2)
    sentence_follows(explorer)


def test_a_restarted_kernel_is_noticed(lesson: Notebook):
    explorer, page = lesson.explorer(SYNAPSE), lesson.page
    lesson.restart_kernel()
    until(page, lambda: "Run this cell again" in explorer.message(), "the learner is told")
    operable = explorer.root.locator(":is(.il-slider, .il-choice) :is(input, select, button)")
    assert operable.count() and not [each for each in operable.all() if each.is_enabled()]

    lesson.run_cell(lesson.find("import"))
    lesson.run_cell(lesson.find("checkpoints.synapse()"))
    until(page, lambda: not explorer.message() and not explorer.locked(), "the cell run again works")
    explorer.key(CONTROL, "ArrowRight", 2)
    sentence_follows(explorer)


@pytest.fixture
def second_window(lesson: Notebook):
    """The same notebook, opened once more beside the first."""
    page: Page = lesson.page.context.new_page()
    yield Notebook(page, lesson.server).open(FULL)
    page.close()


def test_two_windows_on_one_notebook(lesson: Notebook, second_window: Notebook):
    """Each keeps its own place, and the answers given in both are remembered."""
    second_window.run_all()
    places = (3, 7)
    for window, steps in zip((lesson, second_window), places, strict=True):
        explorer = window.explorer(SYNAPSE)
        explorer.reset()
        explorer.key(CONTROL, "ArrowRight", steps)
        sentence_follows(explorer)
    standing = [window.explorer(SYNAPSE).state()[CONTROL.name] for window in (lesson, second_window)]
    assert standing == [CONTROL.value + steps * CONTROL.step for steps in places]
    for window in (lesson, second_window):
        sentence_follows(window.explorer(SYNAPSE))

    lesson.run_all()  # after the restart, its cards are new
    first, second = [question for question in lesson.cards() if question.kind == "single"][:2]
    lesson.card(first).answer(right_answer(first))
    second_window.card(second).answer(right_answer(second))
    assert {first.id, second.id} <= set(remembered(lesson.server).questions)


def test_progress_that_cannot_be_written(lesson: Notebook):
    """A file stands where the folder should be: the learner is told once, and the lesson goes on."""
    lesson.close()
    lesson.server.new_learner()
    lesson.server.progress.write_text("not a folder")
    lesson.open(FULL).run_all()
    first, second = [question for question in lesson.cards() if question.kind == "single"][:2]
    for question, warned in ((first, True), (second, False)):
        card = lesson.card(question)
        card.answer(right_answer(question))
        assert all(message in card.verdict() for message in told(question, right_answer(question)))
        assert ("cannot be saved" in card.verdict()) is warned, card.verdict()
    explorer = lesson.explorer(SYNAPSE)
    explorer.predict()
    explorer.key(CONTROL, "ArrowRight")
    sentence_follows(explorer)
    assert lesson.server.progress.read_text() == "not a folder"
