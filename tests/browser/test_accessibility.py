"""By keyboard, by ear, large, and in the dark: what axe-core finds, and what it does not look at."""

import pytest
from checks import (
    all_named,
    animations,
    axe_findings,
    clean_by_axe,
    focus_is_visible,
    large_enough_targets,
    moving_styles,
    nothing_sticks_out,
    sentence_follows,
    speaks_at_rest,
    zoomed,
)
from lesson_page import FULL, Notebook, explorers, right_answer, until, wrong_answer

from immunolab.interactives.explorer import Slide
from immunolab.learning import quiz

OUTPUTS = ".jp-OutputArea-output"

# What JupyterLab 4.6 itself does not do, wherever a notebook is open. Not of the course's making, and not hidden.
# (Rule of axe-core: what it means here.)
JUPYTERS_OWN = {
    "aria-allowed-attr": "the debugger's toolbar button is a custom element with aria-pressed and no role",
    "aria-input-field-name": "the editor of a code cell has no name",
    "aria-required-children": "the list of cells is a `feed`, whose children are not articles",
}


@pytest.fixture(scope="module")
def lesson(notebook: Notebook) -> Notebook:
    """The lesson as a learner leaves it: everything run, predicted, unfolded, and answered wrong or right in turn."""
    notebook.open(FULL).run_all()
    for model in explorers(FULL):
        explorer = notebook.explorer(model)
        explorer.predict(next(option.id for option in quiz.question(model.prediction).options))
        explorer.unfold()
        explorer.key(model.controls[1], "ArrowDown")
        sentence_follows(explorer)
    questions = [question for question in notebook.cards() if question.kind != "predict"]
    for turn, question in enumerate(questions):
        notebook.card(question).answer((wrong_answer if turn % 2 else right_answer)(question))
    notebook.show_all_cells()
    notebook.page.evaluate(
        "() => document.querySelectorAll('.jp-Notebook details').forEach((d) => { d.open = true; })"
    )
    return notebook


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(lesson: Notebook, theme):
    lesson.theme(theme)
    clean_by_axe(lesson.page)


def test_what_axe_finds_in_jupyterlab_is_listed(lesson: Notebook):
    lesson.theme("light")
    rules = {rule for rule, _, whose in axe_findings(lesson.page) if whose == "Jupyter"}
    assert rules <= set(JUPYTERS_OWN), f"new findings of JupyterLab: {rules - set(JUPYTERS_OWN)}"


def test_everything_has_a_name_and_sliders_a_value_in_words(lesson: Notebook):
    nodes = all_named(lesson.page, OUTPUTS)
    told = {(node["role"], node["name"]) for node in nodes}
    for model in explorers(FULL):
        for control in model.controls:
            role = (
                "slider" if isinstance(control, Slide) else "combobox" if control.style == "select" else None
            )
            wanted = (
                {(role, control.label)} if role else {("radio", text) for text in control.options.values()}
            )
            assert wanted <= told, f"{model.title} tells of {control.label!r} under another name or role"


def test_the_sentence_is_spoken_when_a_move_has_come_to_rest(lesson: Notebook):
    model = explorers(FULL)[0]
    speaks_at_rest(lesson.explorer(model), model.controls[1])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_can_be_seen(lesson: Notebook, theme):
    """On one control of each look: they share their styles."""
    lesson.theme(theme)
    looks = lesson.page.locator(f"{OUTPUTS} :is(button, input, select, summary, a[href])").evaluate_all(
        """all => {
          const first = new Map();
          for (const node of all)
            if (!node.disabled && node.ariaDisabled !== "true" && node.checkVisibility({visibilityProperty: true}))
              first.set(`${node.tagName} ${node.type} ${node.className}`, first.get(`${node.tagName} ${node.type} ${node.className}`) ?? node);
          return [...first.values()].map((node, at) => { node.dataset.look = at; return `[data-look="${at}"]`; });
        }"""
    )
    assert len(looks) > 8
    lesson.page.emulate_media(reduced_motion="reduce")  # no fades to wait for
    try:
        for look in looks:
            focus_is_visible(lesson.page, lesson.page.locator(look))
    finally:
        lesson.page.emulate_media(reduced_motion="no-preference")


def test_targets_are_large_enough(lesson: Notebook):
    large_enough_targets(lesson.page, OUTPUTS)


def test_at_two_hundred_percent_nothing_is_lost(lesson: Notebook):
    """A window of 1280 pixels at 200 %: nothing sticks out, pictures are drawn finer, and controls still work."""
    model = explorers(FULL)[0]
    explorer = lesson.explorer(model)
    with zoomed(lesson.page, 2):
        nothing_sticks_out(lesson.page)
        picture = explorer.root.locator("img.il-figure-picture")
        until(
            lesson.page,
            lambda: picture.evaluate("(img) => img.naturalWidth") == 2 * model.draw.width,
            "the picture is drawn at the pixels of the screen",
        )
        explorer.preset(model.presets[0].label)
        sentence_follows(explorer)
        explorer.key(model.controls[1], "ArrowRight")
        sentence_follows(explorer)


def test_nothing_moves_for_those_who_ask_for_stillness(lesson: Notebook):
    page = lesson.page
    page.emulate_media(reduced_motion="reduce")
    try:
        assert not moving_styles(page), moving_styles(page)
        explorer = lesson.explorer(explorers(FULL)[0])
        for part in (".il-fold-button", ".il-range", ".il-button"):
            explorer.root.locator(part).first.hover()
            assert not animations(page)
        explorer.root.locator(".il-fold-button").press("Enter")
        assert not animations(page)
    finally:
        page.emulate_media(reduced_motion="no-preference")
