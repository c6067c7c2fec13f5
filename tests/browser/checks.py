"""Checks of what a learner meets on the page. Each raises AssertionError that says what is wrong, and where.

They are functions and not tests, so that `test_the_tests_notice.py` can hold a page against them that was broken on
purpose.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from lesson_page import PATIENCE, ExplorerOnPage, until
from PIL import Image
from playwright.sync_api import Locator, Page

from immunolab.interactives.explorer import Pick, Slide, nearest

LESSON_PARTS = ".jp-OutputArea-output, .jp-RenderedMarkdown"  # what the lesson puts on the page
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALLEST_TARGET_PX = 24

# --- The sentence and the picture ------------------------------------------------------------------------------------


def sentence_follows(explorer: ExplorerOnPage, seconds: float = PATIENCE) -> None:
    """The sentence comes to say what the model gives for the controls as they stand, and the alt text ends with it."""

    def true() -> bool:
        return explorer.sentence() == explorer.true_sentence() and explorer.alt().endswith(
            explorer.sentence()
        )

    until(
        explorer.page,
        true,
        lambda: (
            f"{explorer.model.title} at {explorer.state()} says {explorer.sentence()!r}, not {explorer.true_sentence()!r}"
        ),
        seconds,
    )


def moves_by_keyboard(explorer: ExplorerOnPage, control: Slide | Pick) -> None:
    """Keys move the control; picture and sentence follow; somewhere on its scale both are other than at the start."""
    explorer.reset()  # elsewhere the control may have nothing to act on: an antibody where its target is missing
    sentence_follows(explorer)
    seen = [(explorer.state(), explorer.picture(), explorer.sentence())]
    keys = ("ArrowRight", "End", "Home") if isinstance(control, Slide) else ("ArrowDown", "ArrowUp")
    for key in keys:
        before = explorer.state()
        explorer.key(control, key)
        if key != "Home":  # where the slider may stand already
            until(
                explorer.page,
                lambda before=before: explorer.state() != before,
                f"{key} moves {control.label}",
            )
        sentence_follows(explorer)
        spoken_value_is_true(explorer, control)
        seen.append((explorer.state(), explorer.picture(), explorer.sentence()))
    others = {name for state, *_ in seen for name in state if state[name] != seen[0][0][name]}
    assert others == {control.name}, f"keys on {control.label} moved {others}"
    assert len({picture for _, picture, _ in seen}) > 1, f"{control.label} never changes the picture"
    assert len({sentence for *_, sentence in seen}) > 1, f"{control.label} never changes the sentence"


def frames_do_not_flicker(explorer: ExplorerOnPage, control: Slide | Pick, moves: int = 4) -> None:
    """Unhurried moves, so that frames drawn ahead are there: each state shows one frame, the kernel's own included."""
    explorer.reset()
    for _ in range(moves):
        explorer.page.wait_for_timeout(700)
        explorer.root.locator("img.il-figure-picture").evaluate(
            """(img) => {
              const digest = async () => {
                const bytes = await (await fetch(img.src)).arrayBuffer();
                return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join(" ");
              };
              img.shown = [];
              img.watch?.disconnect();
              img.watch = new MutationObserver(() => img.shown.push(digest().catch(() => null)));
              img.watch.observe(img, {attributeFilter: ["src"]});
            }"""
        )
        explorer.key(control, "ArrowRight" if isinstance(control, Slide) else "ArrowDown")
        sentence_follows(explorer)
        explorer.page.wait_for_timeout(300)
        shown = explorer.root.locator("img.il-figure-picture").evaluate(
            "async (img) => await Promise.all(img.shown)"
        )
        frames = {frame for frame in shown if frame}  # one that was replaced at once can no longer be read
        assert len(frames) <= 1, f"{len(frames)} different frames for {explorer.state()}"


def spoken_value_is_true(explorer: ExplorerOnPage, control: Slide | Pick) -> None:
    """What a screen reader says of a slider is the value that the model gets, in words."""
    if isinstance(control, Slide):
        blank, spoken = (
            explorer.blank[control.name],
            explorer.control(control).get_attribute("aria-valuetext"),
        )
        true = blank.spoken[blank.values.index(explorer.state()[control.name])]
        assert spoken == true, f"{control.label} speaks {spoken!r}, not {true!r}"


def drag_leaves_nothing_behind(explorer: ExplorerOnPage, control: Slide, steps: int = 200) -> None:
    """While the kernel is busy, a drag of many steps: the last value is shown, few messages went out, and no older
    frame comes after it.

    The frame of the last move must be the one that comes when the slider is moved away and back again.
    """
    sent = CountedMessages(explorer.page)
    explorer.control(control).focus()
    explorer.press("Home")
    for step in range(steps):  # up and down again, and a little up: 200 steps on any scale
        explorer.press("ArrowRight" if step < steps - 20 else "ArrowLeft")
    sentence_follows(explorer)
    last = explorer.picture()
    for _ in range(10):
        explorer.page.wait_for_timeout(150)
        sentence_follows(explorer, seconds=0)
        assert explorer.picture() == last, (
            f"a frame older than the last move of {control.label} came after it"
        )
    assert sent.updates() <= steps // 4, f"{sent.updates()} messages for {steps} steps: moves are queued"
    explorer.press("ArrowLeft")
    sentence_follows(explorer)
    explorer.press("ArrowRight")
    sentence_follows(explorer)
    until(
        explorer.page,
        lambda: explorer.picture() == last,
        "the frame shown after the drag is that of its last move",
    )


class CountedMessages:
    """The messages of widgets that a page sends to its kernel, counted from now on."""

    def __init__(self, page: Page):
        page.evaluate("() => { window.sentToKernel = 0; }")
        self.page = page

    # Frames go out through the page's own sockets, which `WATCH_SOCKETS` counts in the page.
    def updates(self) -> int:
        return self.page.evaluate("() => window.sentToKernel")


# Runs in the page before anything else: counts the messages of widgets, and lets the line to the server be cut.
WATCH_SOCKETS = """
  const sockets = new Set(), Plain = window.WebSocket;
  const isWidgets = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data)).includes("comm_msg");
  let cut = false;
  window.sentToKernel = 0;
  window.cutTheLine = (now) => { cut = now; if (cut) sockets.forEach((socket) => socket.close()); };
  window.lineIsCut = () => [...sockets].every((socket) => socket.readyState === Plain.CLOSED);
  window.WebSocket = class extends Plain {
    constructor(url, ...more) {
      super(cut ? "ws://127.0.0.1:9" : url, ...more);  // a port where nobody listens
      sockets.add(this);
    }
    send(data) { window.sentToKernel += isWidgets(data); super.send(data); }
  };
"""


@contextmanager
def without_connection(page: Page) -> Iterator[None]:
    """The line to the server is cut; every try to connect again fails until the end of the block."""
    page.evaluate("() => cutTheLine(true)")
    page.wait_for_function("lineIsCut()")
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)
        page.evaluate("() => cutTheLine(false)")


def a_click_sets_the_sliders(explorer: ExplorerOnPage, x: float, y: float) -> None:
    """A click at a point of the axes (fractions of them) moves the two sliders there, and picture and words follow.

    A point between two steps may go to either: the mouse knows whole pixels only.
    """
    place, before = explorer.model.place, explorer.state()
    plot = explorer.model.draw(1.0)
    plot.update(explorer.model.compute(**before))
    box = plot.clickable.get_position()
    at = box.x0 + x * box.width, 1 - box.y0 - y * box.height
    scales = {name: explorer.blank[name].values for name in (place.x, place.y)}
    wanted = {
        name: scale.index(nearest(scale, value))
        for (name, scale), value in zip(scales.items(), plot.to_values(*at), strict=True)
    }

    def away() -> int:
        state = explorer.state()
        return max(abs(scales[name].index(state[name]) - step) for name, step in wanted.items())

    assert away() > 1, f"choose another point than ({x}, {y}): the sliders stand there"
    explorer.click(*at)
    until(
        explorer.page,
        lambda: away() <= 1,
        lambda: f"a click sets the steps {wanted}; the controls say {explorer.state()}",
    )
    sentence_follows(explorer)
    others = {name for name, value in explorer.state().items() if value != before[name]} - wanted.keys()
    assert not others, f"a click moved {others}"


def speaks_at_rest(explorer: ExplorerOnPage, control: Slide, moves: int = 15) -> None:
    """A screen reader hears the sentence when a series of moves has come to rest, and not on every step."""
    explorer.root.evaluate(
        """(root) => {
          const figure = root.querySelector(".il-figure-view");
          const [seen, spoken] = [figure.querySelector(".il-figure-sentence"), figure.querySelector("[role=status]")];
          root.heard = [];
          const note = (kind, node) => new MutationObserver(
            () => root.heard.push([kind, performance.now(), node.textContent]),
          ).observe(node, {childList: true, characterData: true, subtree: true});
          note("seen", seen);
          note("spoken", spoken);
        }"""
    )
    explorer.key(control, "ArrowRight", moves)
    sentence_follows(explorer)
    last = explorer.sentence()
    until(
        explorer.page,
        lambda: explorer.root.locator(".il-figure-view [role=status]").text_content() == last,
        f"the last sentence of {control.label} is spoken",
    )
    heard = explorer.root.evaluate("(root) => root.heard")
    times_seen = [at for kind, at, _ in heard if kind == "seen"]
    for at, text in ((at, text) for kind, at, text in heard if kind == "spoken"):
        rest = at - max(seen for seen in times_seen if seen <= at)
        assert rest > 400, f"spoken {rest:.0f} ms after a change, while the slider still moved: {text!r}"
    assert len(times_seen) > 1, "the moves were too few to tell"


# --- Names, roles, values --------------------------------------------------------------------------------------------

OPERABLE = {
    "slider",
    "button",
    "radio",
    "checkbox",
    "combobox",
    "textbox",
    "spinbutton",
    "link",
    "DisclosureTriangle",
}


def accessible_nodes(page: Page, selector: str) -> list[dict]:
    """The operable parts of everything that matches, as the browser tells them to a screen reader: role and name."""
    devtools = page.context.new_cdp_session(page)
    try:
        found = devtools.send(
            "Runtime.evaluate", {"expression": f"[...document.querySelectorAll({selector!r})]"}
        )
        members = devtools.send(
            "Runtime.getProperties", {"objectId": found["result"]["objectId"], "ownProperties": True}
        )
        ids = [each["value"]["objectId"] for each in members["result"] if each["name"].isdigit()]
        trees = [devtools.send("Accessibility.queryAXTree", {"objectId": each})["nodes"] for each in ids]
    finally:
        devtools.detach()
    nodes = [_heard(node) for tree in trees for node in tree if not node["ignored"]]
    return [node for node in nodes if node["role"] in OPERABLE]


def _heard(node: dict) -> dict:
    return {key: str(node.get(key, {}).get("value", "")).strip() for key in ("role", "name")}


def all_named(page: Page, selector: str) -> list[dict]:
    """Everything that can be operated has a name, and each slider a value in words with its unit or meaning."""
    nodes = accessible_nodes(page, selector)
    nameless = [node for node in nodes if not node["name"]]
    assert not nameless, f"without a name: {nameless}"
    # The protocol of the developer tools gives a slider's number only; what is spoken stands in the attribute.
    sliders = page.locator(f":is({selector}) input[type=range]")
    wordless = sliders.evaluate_all(
        "all => all.filter((one) => !one.ariaValueText).map((one) => one.outerHTML)"
    )
    assert not wordless, f"sliders without a value in words: {wordless}"
    return nodes


# --- axe ---------------------------------------------------------------------------------------------------------


def axe_findings(page: Page, context: dict | str | None = None) -> list[tuple[str, str, str]]:
    """What axe-core finds: (rule, the element's HTML, whether the lesson made it: "lesson" or "Jupyter")."""
    report = (
        Axe()
        .run(page, context, {"runOnly": RULES, "resultTypes": ["violations"], "selectors": True})
        .response
    )
    found = []
    for violation in report["violations"]:
        for node in violation["nodes"]:
            mine = page.evaluate(
                "([target, parts]) => Boolean(document.querySelector(target)?.closest(parts))",
                [node["target"][-1], LESSON_PARTS],
            )
            found.append((violation["id"], node["html"][:300], "lesson" if mine else "Jupyter"))
    return found


def clean_by_axe(page: Page, context: dict | str | None = None) -> None:
    """No violation of WCAG 2.2 A or AA in what the lesson put on the page."""
    found = [(rule, html) for rule, html, whose in axe_findings(page, context) if whose == "lesson"]
    assert not found, "\n".join(f"{rule}: {html}" for rule, html in found)


# --- What can be seen ------------------------------------------------------------------------------------------------


def pixels(page: Page, box: dict) -> np.ndarray:
    image = page.screenshot(clip=box)
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"), dtype=int)


def focus_is_visible(page: Page, element: Locator) -> None:
    """The place where the keyboard is looks different from how it looks without: at least a ring's worth of pixels."""
    page.keyboard.press("Shift")  # the browser then draws rings as for someone who uses the keyboard
    element.scroll_into_view_if_needed()
    element.focus()
    around = element.evaluate(
        "(node) => (node.closest('.il-option, .il-pill') ?? node).getBoundingClientRect()"
    )
    box = {
        "x": around["x"] - 8,
        "y": around["y"] - 8,
        "width": around["width"] + 16,
        "height": around["height"] + 16,
    }
    with_focus = pixels(page, box)
    element.evaluate("(node) => node.blur()")
    changed = (np.abs(with_focus - pixels(page, box)).max(axis=2) > 60).sum()
    name = element.evaluate("(node) => node.outerHTML.slice(0, 120)")
    assert changed >= 60, f"focus changes only {changed} pixels of {name}"


def large_enough_targets(page: Page, selector: str) -> None:
    """Everything that is clicked measures at least 24 CSS pixels each way, or its label does."""
    small = page.evaluate(
        """([selector, least]) => [...document.querySelectorAll(selector)].flatMap((root) =>
          [...root.querySelectorAll("button, input, select, summary")].flatMap((node) => {
            const target = /radio|checkbox/.test(node.type) ? node.closest("label") ?? node : node;
            const {width, height} = target.getBoundingClientRect();
            const shown = node.checkVisibility({visibilityProperty: true});
            return shown && (width < least - 0.5 || height < least - 0.5)
              ? [`${Math.round(width)} x ${Math.round(height)}: ${node.outerHTML.slice(0, 120)}`] : [];
          }))""",
        [selector, SMALLEST_TARGET_PX],
    )
    assert not small, "\n".join(small)


def nothing_sticks_out(page: Page, selector: str = LESSON_PARTS) -> None:
    """Nothing has to be scrolled sideways, or is cut off at the side."""
    wide = page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].flatMap((part) => {
          const edge = part.getBoundingClientRect().right;
          return [part, ...part.querySelectorAll("*")]
            .filter((node) => node.checkVisibility({visibilityProperty: true}) && !node.closest("pre, .il-unseen, mjx-container"))
            .filter((node) => node.getBoundingClientRect().right > edge + 1.5
              || (node === part && node.scrollWidth > node.clientWidth + 1.5))
            .slice(0, 1)
            .map((node) => `${Math.round(node.getBoundingClientRect().right - edge)} px: ${node.outerHTML.slice(0, 160)}`);
        })""",
        selector,
    )
    assert not wide, "\n".join(wide)


def smallest_type(page: Page, selector: str) -> list[tuple[float, str]]:
    """The sizes of all visible text in what matches, smallest first: (CSS pixels, the text)."""
    sizes = page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].flatMap((root) => {
          const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          const note = (node, text) => {
            if (text.trim() && node.checkVisibility({visibilityProperty: true}) && !node.closest(".il-unseen, sub, sup"))
              found.push([parseFloat(getComputedStyle(node).fontSize), text.trim().slice(0, 60)]);
          };
          while (walker.nextNode()) note(walker.currentNode.parentElement, walker.currentNode.textContent);
          for (const field of root.querySelectorAll("input[type=text], select")) note(field, field.value);
          return found;
        })""",
        selector,
    )
    return sorted(map(tuple, sizes))


def animations(page: Page) -> list[str]:
    """What is moving in the course's widgets at this moment."""
    return page.evaluate(
        """() => document.getAnimations()
          .filter(({effect}) => effect.target?.closest(".il, .il-explorer"))
          .map(({effect, transitionProperty}) =>
            `${transitionProperty ?? "animation"} of ${effect.target.className} ${effect.pseudoElement ?? ""}`)"""
    )


def moving_styles(page: Page) -> list[str]:
    """What in the course's widgets would move if it changed: styles with a transition or an animation."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".il, .il *, .il-explorer, .il-explorer *")].flatMap((node) =>
          [null, "::before", "::after", "::-webkit-slider-thumb"].flatMap((part) => {
            const {transitionDuration, animationName, transitionProperty} = getComputedStyle(node, part);
            const still = (transitionProperty === "none" || /^0s(, 0s)*$/.test(transitionDuration)) && animationName === "none";
            return still ? [] : [`${node.tagName} ${node.className} ${part ?? ""}: ${transitionProperty} ${transitionDuration}`];
          }))
          .filter((line, at, all) => all.indexOf(line) === at)"""
    )


@contextmanager
def zoomed(page: Page, times: float) -> Iterator[None]:
    """The same window with the page enlarged, as Ctrl and + does it: fewer CSS pixels, each of them larger."""
    devtools = page.context.new_cdp_session(page)
    size = page.viewport_size
    metrics = {"width": round(size["width"] / times), "height": round(size["height"] / times)}
    devtools.send(
        "Emulation.setDeviceMetricsOverride", metrics | {"deviceScaleFactor": times, "mobile": False}
    )
    try:
        page.wait_for_function("(width) => innerWidth === width", arg=metrics["width"])
        yield
    finally:
        devtools.detach()
        page.set_viewport_size(size)
