"""What the tests say about a page: open a notebook, run it, and use its interactives and questions as a learner does.

Nothing here knows a particular lesson. What must be on the page is taken from the notebook, the question banks and
the explorers themselves, so that a new lesson needs no new words.
"""

import ast
import hashlib
import re
import time
from base64 import b64decode
from functools import cache
from pathlib import Path

import nbformat
from lab_server import ROOT, Server
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from immunolab.interactives.explorer import Explorer, Pick, Slide
from immunolab.learning import quiz
from immunolab.learning.markup import plain
from immunolab.learning.progress import Progress
from immunolab.learning.record import Record

PATIENCE = 60.0  # seconds; far more than anything needs, also beside other work: no test measures time by it
STEP_MS = 40

KERNEL_IDLE = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  return Boolean(context?.isReady && context.session?.kernel?.status === "idle");
}"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def until(page: Page, fact, what: str, seconds: float = PATIENCE) -> None:
    """Wait until ``fact()`` holds. ``what`` says what was hoped for, and may be a function that looks again."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            raise AssertionError(f"did not happen: {what() if callable(what) else what}")
        page.wait_for_timeout(STEP_MS)


def words(text: str) -> str:
    """A text as it is read: one space where the page has line breaks."""
    return " ".join(text.split())


class Notebook:
    """A notebook open in JupyterLab (or, with ``kind="notebook"``, in Notebook 7)."""

    def __init__(self, page: Page, server: Server):
        self.page = page
        self.server = server
        self.path = ""

    def open(self, path: str, kind: str = "lab", theme: str = "light") -> "Notebook":
        """Open a notebook, by its stem or its path inside the course, and wait for its kernel."""
        self.path = path if path.endswith(".ipynb") else f"notebooks/{path}.ipynb"
        self.page.goto(self.server.address(self.path, kind))
        self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)
        if kind == "lab":  # the file browser takes a third of a small screen
            self.page.evaluate(
                "() => jupyterapp.shell.leftCollapsed || jupyterapp.commands.execute('application:toggle-left-area')"
            )
        self.theme(theme)  # Jupyter keeps the last one
        return self

    def theme(self, name: str) -> None:
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", THEMES[name]
        )
        light = "true" if name == "light" else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")

    def run_all(self) -> "Notebook":
        """Run every cell, wait for the widgets to stand, and check that no cell failed."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait_for_idle()
        until(self.page, lambda: not self._without_views(), lambda: f"widgets of {self._without_views()}")
        assert not self.errors(), self.errors()
        return self

    def _without_views(self) -> list[str]:
        """The cells whose live widgets do not stand on the page yet."""
        return self.page.evaluate(
            """() => {
              const VIEW = "application/vnd.jupyter.widget-view+json";
              const has = (outputs) => [...Array(outputs.length).keys()].some((at) => VIEW in outputs.get(at).data);
              return jupyterapp.shell.currentWidget.content.widgets
                .filter((cell) => cell.model.type === "code" && has(cell.model.outputs))
                .filter((cell) => !cell.node.querySelector(".jupyter-widgets, .il"))
                .map((cell) => cell.model.sharedModel.source);
            }"""
        )

    def wait_for_idle(self) -> None:
        self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)

    def restart_kernel(self) -> None:
        """Restart the kernel, as Kernel > Restart does.

        Soon after a broken line, about one restart in fifteen leaves a kernel that never answers, on a page without
        our widgets too (measured with JupyterLab 4.6, ipykernel 7). Who sits before it restarts once more; so do we.
        """
        for _ in range(4):
            self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
            try:
                self.page.wait_for_function(KERNEL_IDLE, timeout=15_000)
                return
            except PlaywrightTimeoutError:
                continue
        raise AssertionError("the kernel does not answer after four restarts")

    def run_cell(self, at: int) -> None:
        """Run one cell again, and wait until it is done."""
        self.page.evaluate(
            """async (at) => {
              jupyterapp.shell.currentWidget.content.activeCellIndex = at;
              await jupyterapp.commands.execute("notebook:run-cell");
            }""",
            at,
        )
        self.wait_for_idle()

    def in_kernel(self, code: str, wait: bool = True) -> None:
        """Run code in the kernel, beside the notebook. Raises RuntimeError with the message if it fails."""
        reply = self.page.evaluate(
            """async ([code, wait]) => {
              const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
              const future = kernel.requestExecute({code, store_history: false});
              return wait ? (await future.done).content : {status: "ok"};
            }""",
            [code, wait],
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")

    def write(self, at: int, source: str) -> None:
        """Replace the text of a cell."""
        self.page.evaluate(
            "([at, source]) => jupyterapp.shell.currentWidget.content.widgets[at].model.sharedModel.setSource(source)",
            [at, source],
        )

    def sources(self) -> list[str]:
        return self.page.evaluate(
            "() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.sharedModel.source)"
        )

    def find(self, text: str) -> int:
        """The position of the first cell whose source holds this text."""
        return next(at for at, source in enumerate(self.sources()) if text in source)

    def cell(self, at: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(at)

    def errors(self) -> list[str]:
        """What cells printed as errors or warnings."""
        return self.page.locator(
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"],'
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'
        ).all_text_contents()

    def save(self) -> Path:
        """Save as Ctrl+S does; returns the file."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.context.save()")
        return self.server.course / self.path

    def close(self) -> None:
        """End the kernel, so that the next test starts without it."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget?.sessionContext.shutdown()")

    def show_all_cells(self) -> None:
        """Let the browser lay out every cell, also those far from the screen: for checks of the whole page."""
        self.page.evaluate(
            """() => {
              const content = jupyterapp.shell.currentWidget.content;
              content.notebookConfig = {...content.notebookConfig, windowingMode: "none"};
              for (const cell of content.widgets) cell.node.style.contentVisibility = "visible";
            }"""
        )

    def explorer(self, model: Explorer) -> "ExplorerOnPage":
        return ExplorerOnPage(self.page, model)

    def card(self, question: quiz.Question) -> "Card":
        return Card(self.page, question)

    def pictures(self) -> list["LivePicture"]:
        """Every live picture on the page, those of explorers too."""
        return [LivePicture(self.page, root) for root in self.page.locator(".il-figure-view").all()]

    def cards(self) -> list[quiz.Question]:
        """The questions on the page, in order."""
        stems = {words(plain(q.stem)): q for bank in quiz.banks() for q in bank.questions}
        shown = self.page.locator(".il-card .il-stem")
        return [stems[words(text)] for text in shown.all_text_contents()]


FULL = "02_immune_checkpoints"  # the lesson that gets the full journey; every other gets the short one


@cache
def explorers(stem: str) -> tuple[Explorer, ...]:
    """The explorers that a lesson's notebook shows, made here by the same calls."""
    cells = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4).cells
    trees = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    names: dict = {}
    for tree in trees:
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), stem, "exec"), names)
    lines = (tree.body[-1] for tree in trees if tree.body)
    calls = (line.value for line in lines if isinstance(line, ast.Expr) and isinstance(line.value, ast.Call))
    made = (eval(ast.unparse(call), names) for call in calls if _of_interactives(call, names))
    return tuple(value for value in made if isinstance(value, Explorer))


def _of_interactives(call: ast.Call, names: dict) -> bool:
    """Whether a call is ``module.function(...)`` of a module or package in immunolab.interactives."""
    function = call.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
        return False
    return getattr(names.get(function.value.id), "__name__", "").startswith("immunolab.interactives.")


class LivePicture:
    """A picture with its sentence, wherever it stands."""

    def __init__(self, page: Page, root: Locator):
        self.page = page
        self.root = root

    def sentence(self) -> str:
        return self.root.locator(".il-figure-sentence").text_content()

    def alt(self) -> str:
        return self.root.locator("img.il-figure-picture").get_attribute("alt")

    def picture(self) -> str:
        """A digest of the picture's bytes, as the browser holds them."""
        data = self.root.locator("img.il-figure-picture").evaluate(
            """async (img) => {
              const bytes = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
              return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
            }"""
        )
        return hashlib.sha256(b64decode(data)).hexdigest()

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)


class ExplorerOnPage(LivePicture):
    """An explorer as it stands on the page, beside the model behind it."""

    def __init__(self, page: Page, model: Explorer):
        super().__init__(
            page,
            page.locator(".il-explorer").filter(
                has=page.get_by_role("heading", name=model.title, exact=True, include_hidden=True)
            ),
        )
        self.model = model
        self.blank = {control.name: control.widget() for control in model.controls}  # for scales and labels

    # What a learner does

    def predict(self, option: str | None = None) -> None:
        """Commit to an option of the prediction by its id; without one, skip. Nothing, if that is done already."""
        commit = self.root.get_by_role("button", name="Commit" if option else "Skip", exact=True)
        if not commit.count():
            return
        if option:
            self.root.locator(f".il-card input[value='{option}']").press(" ")
        commit.press("Enter")
        until(self.page, lambda: not self.locked(), f"{self.model.title} unlocks")

    def locked(self) -> bool:
        return self.root.get_by_role("button", name="Reset", exact=True).is_disabled()

    def preset(self, label: str) -> None:
        """Press a preset, and wait until the controls stand as it says."""
        wanted = next(preset.state for preset in self.model.presets if preset.label == label)
        self._set_by(label, self.model.start | wanted)

    def reset(self) -> None:
        self._set_by("Reset", self.model.start)

    def _set_by(self, button: str, wanted: dict) -> None:
        self.root.get_by_role("button", name=button, exact=True).press("Enter")
        until(self.page, lambda: self.state() == wanted, f"{button} sets {wanted}")

    def unfold(self) -> None:
        """Open what is folded away, and wait until it is there."""
        button = self.root.locator(".il-fold-button")
        if button.count() and button.get_attribute("aria-expanded") == "false":
            button.press("Enter")
            expect(self.root.locator(".il-fold-body")).to_be_visible()

    def control(self, control: Slide | Pick) -> Locator:
        """The element of a control that takes the keys."""
        if isinstance(control, Slide):
            return self.root.get_by_role("slider", name=control.label, exact=True)
        if control.style == "select":
            return self.root.get_by_role("combobox", name=control.label, exact=True)
        return self.root.get_by_role("group", name=control.label, exact=True).locator("input:checked")

    def key(self, control: Slide | Pick, key: str, times: int = 1) -> None:
        """Give a control the focus, and press a key."""
        self.control(control).focus()
        self.press(key, times)

    def nudge(self, control: Slide | Pick) -> None:
        """Move a control by one step, down or, from the lowest, up."""
        before = self.state()
        for key in ("ArrowDown", "ArrowUp"):
            if self.state() == before:
                self.key(control, key)
        until(self.page, lambda: self.state() != before, f"{control.label} moves")

    def point(self, x: float, y: float) -> dict[str, float]:
        """Where a point of the picture is, in pixels of the picture; x and y are fractions from the top left."""
        width, height = self.root.locator("img.il-figure-picture").evaluate(
            "(img) => [img.clientWidth, img.clientHeight]"
        )
        return {"x": x * width, "y": y * height}

    def click(self, x: float, y: float) -> None:
        self.root.locator("img.il-figure-picture").click(position=self.point(x, y))

    # What a learner sees

    def stops(self) -> list[str]:
        """Where the Tab key must stop, in the order of the page, each as a selector below the explorer."""
        return self.root.evaluate(
            """(root) => {
              const operable = [...root.querySelectorAll("button, input, select, summary, a[href]")]
                .filter((node) => !node.disabled && node.checkVisibility({visibilityProperty: true}))
                .filter((node) => node.type !== "radio" || node.checked);  // one stop for a group
              for (const [at, node] of operable.entries()) node.dataset.stop = at;
              return operable.map((_, at) => `[data-stop="${at}"]`);
            }"""
        )

    def positions(self) -> dict[str, str | int]:
        """Where each control stands on the page: a slider's position, the id of what is chosen."""
        return self.root.evaluate(
            """(root) => Object.fromEntries([...root.querySelectorAll(".il-slider, .il-choice")].map((control) => [
              control.querySelector(".il-label").textContent,
              control.querySelector("input[type=range]")?.valueAsNumber
                ?? (control.querySelector("input:checked") ?? control.querySelector("select"))?.value ?? null,
            ]))"""
        )

    def state(self) -> dict:
        """What the controls on the page say, as the arguments of the model."""
        shown = self.positions()
        return {
            control.name: self.blank[control.name].values[shown[control.label]]
            if isinstance(control, Slide)
            else shown[control.label]
            for control in self.model.controls
        }

    def true_sentence(self) -> str:
        """What the sentence must say where the controls stand, computed here."""
        state = self.state()
        return self.model.sentence(state, self.model.compute(**state))

    def message(self) -> str:
        """What stands in place of a result that could not be computed, or that the kernel has gone."""
        return words(" ".join(self.root.locator(".il-says--alert, .il-gone").all_text_contents()))


class Card:
    """A question on the page."""

    def __init__(self, page: Page, question: quiz.Question):
        self.page = page
        self.question = question
        stem = re.compile(r"^\s*" + re.escape(words(plain(question.stem))) + r"\s*$")
        self.root = page.locator(".il-card").filter(has=page.locator(".il-stem", has_text=stem))

    def answer(self, answer, confidence: str = "I am sure") -> None:
        """Fill in an answer as the bank writes it (option id, list of ids, text) and submit it, all by keyboard."""
        kind = self.question.kind
        if kind == "numeric":
            self.root.get_by_role("textbox").fill(str(answer))
        elif kind == "order":
            self._arrange(list(answer))
        else:
            self._choose(answer if isinstance(answer, list) else [answer])
        before = self.verdict()
        sure = self.root.get_by_role("button", name=confidence, exact=True)
        check = self.root.get_by_role("button", name=re.compile("^(Check|Check again|Commit)$"))
        (sure if sure.count() else check).press("Enter")
        until(self.page, lambda: self.verdict() not in ("", before) and "Checking" not in self.verdict(),
              f"a verdict on {self.question.id}")  # fmt: skip

    def _choose(self, wanted: list[str]) -> None:
        for box in self.root.locator(".il-option input").all():
            if box.is_checked() != (box.input_value() in wanted) and (
                box.get_attribute("type") == "checkbox" or not box.is_checked()
            ):
                box.press(" ")

    def _arrange(self, wanted: list[str]) -> None:
        """Move items up, from the first place on, with the arrow key."""
        texts = {item.id: words(plain(item.text)) for item in self.question.items}
        for place, item in enumerate(wanted):
            for _ in wanted:
                rows = [words(text) for text in self.root.locator(".il-order-text").all_text_contents()]
                if rows.index(texts[item]) <= place:
                    break
                row = self.root.locator(".il-order-row").nth(rows.index(texts[item]))
                row.get_by_role("button").first.press("ArrowUp")

    def verdict(self) -> str:
        """What is said about the answer, beside the options and below."""
        parts = self.root.locator(".il-feedback:not([hidden]), .il-verdict")
        return words(" ".join(parts.all_text_contents()))  # also where the browser has not laid it out yet

    def given(self) -> list[str] | str:
        """The answer that stands on the card."""
        if self.question.kind == "numeric":
            return self.root.get_by_role("textbox").input_value()
        if self.question.kind == "order":
            texts = {words(plain(item.text)): item.id for item in self.question.items}
            return [texts[words(text)] for text in self.root.locator(".il-order-text").all_text_contents()]
        chosen = self.root.locator(".il-option input:checked")
        return chosen.evaluate_all("boxes => boxes.map((box) => box.value)")


def right_answer(question: quiz.Question):
    """The bank's own answer, in the shape `Card.answer` takes."""
    if question.kind == "numeric":
        return f"{question.answer.value:g}"
    return list(question.key) if question.kind in ("multiple", "order") else question.key[0]


def wrong_answer(question: quiz.Question):
    """An answer with something to be told about: a wrong option, a typical slip, a swapped pair."""
    if question.kind == "numeric":
        return f"{(question.slips[0].low + question.slips[0].high) / 2:g}"
    if question.kind == "order":
        order = list(question.key)
        first, second = question.swaps[0].pair
        order[first], order[second] = order[second], order[first]
        return order
    wrong = next(option.id for option in question.options if not option.right)
    return [wrong] if question.kind == "multiple" else wrong


def told(question: quiz.Question, answer) -> list[str]:
    """The feedback that this answer must meet, as it is read."""
    return [words(plain(message)) for message in quiz.judge(question, answer).messages.values()]


def remembered(server: Server) -> Record:
    """What the learner's progress holds now."""
    return Progress(server.progress).record


# --- What a page must look like, whatever the lesson -----------------------------------------------------------------

BROKEN = ("model not found", "Error displaying widget", "Loading widget", "Click to show javascript error")


def nothing_broken(notebook: Notebook) -> None:
    """No widget has failed to show, and no picture has failed to load."""
    text = notebook.page.locator(".jp-Notebook").text_content().casefold()
    found = [sign for sign in BROKEN if sign.casefold() in text]
    assert not found, f"{notebook.path} shows {found}"
    until(notebook.page, lambda: not _missing(notebook), lambda: f"pictures: {_missing(notebook)}")


def _missing(notebook: Notebook) -> list[str]:
    """Pictures of the lesson that are not there, or have no words."""
    return notebook.page.locator(
        ":is(.jp-RenderedMarkdown, .jp-OutputArea-output) img:not([hidden])"
    ).evaluate_all(
        """all => all.filter((one) => !one.alt.trim() || !one.complete || !one.naturalWidth)
             .map((one) => `${one.alt.slice(0, 60)} ${one.src.slice(0, 80)}`)"""
    )


def saved_figures_show(notebook: Notebook) -> None:
    """Before anything runs: every interactive shows its saved picture and sentence, and no widget is asked for."""
    file = nbformat.read(ROOT / notebook.path, as_version=4)
    saved = sum(
        output.get("data", {}).get("text/html", "").count('class="il-static"')
        for cell in file.cells
        for output in cell.get("outputs", ())
    )
    shown = notebook.page.locator(".jp-OutputArea-output .il-static")
    until(
        notebook.page, lambda: shown.count() == saved, lambda: f"{shown.count()} of {saved} companions shown"
    )
    assert notebook.page.locator(".jp-OutputArea-output .jupyter-widgets").count() == 0
    nothing_broken(notebook)
