"""Slider key press to changed pixels, in Chromium, for four ways of answering; and where the time of a move goes."""

import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))  # its server and its words for what is done on a page

from lab_server import Server  # noqa: E402
from lesson_page import Notebook  # noqa: E402

WATCH = Path(__file__).with_name("watch.js")
SCREEN = {"width": 1280, "height": 1000}
NOTEBOOK = "benchmark.ipynb"
PROFILE = "profile.json"

WARM_UP = [
    "ArrowRight"
] * 3  # not counted: first use loads fonts and fills caches, for every way of answering
MOVES = (["ArrowRight"] * 10 + ["ArrowLeft"] * 4) * 3  # mostly onwards, with turns, as a hand does
PACE_MS = 400  # from one press to the next; later if the answer has not come by then
LOOK_MS = 250  # at least this long after an answer: interact still sends its picture back to the kernel
MOST_UNLIKE = 0.01  # of the pixels: a palette has fewer colours than the edges of letters
STAND_MS = 1500  # before the first press: the page comes to rest

SETUP = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import on_page
profile = on_page.Profile()
%matplotlib inline
"""


@dataclass(frozen=True)
class Way:
    """A way of answering a slider: its name in the results, its cell, and what takes the keys."""

    name: str
    words: str
    cell: str
    keys: str = "input[type=range]"


FLOOR = Way("floor", "floor: a bare number there and back", "on_page.floor()")
FRESH = Way("interact", "(a) interact, a fresh figure", "on_page.fresh()", ".noUi-handle")
ALONE = Way("live", "(b) live figure, round trip alone", "on_page.live_alone()")
AHEAD = Way("ahead", "(c) live figure, read-ahead", "on_page.live_ahead()")
PROFILED = Way("profiled", "(b) with clocks", "on_page.profiled(profile)")
WAYS = (FLOOR, FRESH, ALONE, AHEAD)
SHOWN = (*WAYS, PROFILED)


@dataclass(frozen=True)
class Timing:
    """The moves of one way of answering: milliseconds to changed pixels, and kilobytes of messages a move.

    ``hits`` counts the moves whose frame was on the page before the key was pressed.
    """

    way: str
    moves: int
    median_ms: float
    p95_ms: float
    hits: int
    received_kB: float
    sent_kB: float


def write_notebook(course: Path) -> None:
    """The benchmark's notebook, into the server's copy of the course."""
    cells = [SETUP, *(way.cell for way in SHOWN)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, course / NOTEBOOK)


@contextmanager
def watched_page(browser: Browser) -> Iterator[Page]:
    """A page of its own, with the clock of watch.js in it."""
    context = browser.new_context(viewport=SCREEN)
    context.set_default_timeout(30_000)
    context.add_init_script(path=WATCH)
    yield context.new_page()
    context.close()


@contextmanager
def opened(browser: Browser, server: Server) -> Iterator[Notebook]:
    """The benchmark's notebook, run in a new kernel, with all its cells laid out."""
    with watched_page(browser) as page:
        notebook = Notebook(page, server).open(NOTEBOOK).run_all()
        notebook.show_all_cells()
        yield notebook
        notebook.close()


def move_times(notebook: Notebook, way: Way) -> tuple[list[dict], Timing]:
    """Press the keys at a human pace: the page's record of each move, and their summary."""
    notebook.in_kernel("on_page.start_afresh()")
    page, cell = notebook.page, notebook.cell(1 + SHOWN.index(way))
    cell.scroll_into_view_if_needed()
    cell.evaluate("(root) => bench.watch(root)")
    slider = cell.locator(way.keys).first
    page.wait_for_timeout(STAND_MS)
    for key in WARM_UP:
        press(page, slider, key, way)
    before = traffic(page)
    records = [press(page, slider, key, way) for key in MOVES]
    after = traffic(page)
    sent, received = (1e-3 * (after[name] - before[name]) / len(MOVES) for name in ("sent", "received"))
    times = [record["presented"] - record["key"] for record in records]
    timing = Timing(
        way=way.name,
        moves=len(times),
        median_ms=statistics.median(times),
        p95_ms=percentile_95(times),
        hits=sum(record["ahead"] for record in records),
        received_kB=received,
        sent_kB=sent,
    )
    return records, timing


def press(page: Page, slider: Locator, key: str, way: Way) -> dict:
    """One press, and its times by the page's clock; then the rest of the pace. RuntimeError if nothing changes."""
    page.evaluate("() => bench.arm()")
    slider.focus()
    page.keyboard.press(key)
    record = page.evaluate("() => bench.moved")
    if record is None:
        raise RuntimeError(f"{way.words}: {key} changed nothing on the page within 20 seconds.")
    taken = record["presented"] - record["key"]
    page.wait_for_timeout(max(LOOK_MS, PACE_MS - taken))
    return record


def traffic(page: Page) -> dict[str, int]:
    return page.evaluate("() => ({sent: bench.sent, received: bench.received})")


def percentile_95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def all_ways(notebook: Notebook) -> dict[str, dict]:
    """Each way of answering, one after the other, in one notebook. RuntimeError if their pictures differ."""
    found = {}
    for way in WAYS:
        _, timing = move_times(notebook, way)
        found[way.name] = asdict(timing)
        if way is FRESH:
            notebook.page.evaluate("() => bench.keep()")
        elif way in (ALONE, AHEAD):
            unlike = notebook.page.evaluate("() => bench.unlike()")
            if unlike > MOST_UNLIKE:
                raise RuntimeError(
                    f"{way.words} ends with another picture than interact: {unlike:.1%} of its pixels."
                )
    return found


# Where the time goes


def profile(notebook: Notebook) -> dict[str, dict[str, float]]:
    """The stages of a move, median milliseconds: of a round trip, from key to kernel and back, and of a hit."""
    records, _ = move_times(notebook, PROFILED)
    notebook.in_kernel(f"profile.save({PROFILE!r})")
    kernel = json.loads((notebook.server.course / PROFILE).read_text("utf8"))[-len(records) :]
    hits = [record for record in move_times(notebook, AHEAD)[0] if record["ahead"]]
    trips = [round_trip(move, spent) for move, spent in zip(records, kernel, strict=True)]
    return {"round trip": medians(trips), "hit": medians([hit(move) for move in hits])}


def medians(moves: list[dict[str, float]]) -> dict[str, float]:
    if not moves:
        return {}
    return {stage: statistics.median(move[stage] for move in moves) for stage in moves[0]}


def round_trip(move: dict, spent: dict[str, float]) -> dict[str, float]:
    """The stages of one move in ms. Browser and kernel are on one machine, so that their wall clocks agree."""
    begun, sent = (1000 * spent[name] - move["origin"] for name in ("begun", "send ended"))
    parts = {
        "kernel: compute the model": spent["compute"],
        "kernel: move the artists": spent["update"],
        "kernel: restore and draw": spent["frame"] - spent["encode"],
        "kernel: encode as PNG": spent["encode"],
        "kernel: pack and send": spent["send"],
    }
    stages = {name: 1000 * seconds for name, seconds in parts.items()}
    stages["kernel: the rest (sentence, traits)"] = sent - begun - sum(stages.values())
    return (
        {
            "browser: key to message": move["asked"] - move["key"],
            "way to the kernel, and its reading of the message": begun - move["asked"],
        }
        | stages
        | {
            "way to the browser": move["heard"] - sent,
            "browser: read the message, hand over the frame": move["handed"] - move["heard"],
        }
        | shown(move)
        | {"in all": move["presented"] - move["key"]}
    )


def hit(move: dict) -> dict[str, float]:
    """The stages of a move whose frame was there, in ms."""
    found = {"browser: key to stored frame": move["handed"] - move["key"]}
    return found | shown(move) | {"in all": move["presented"] - move["key"]}


def shown(move: dict) -> dict[str, float]:
    return {
        "browser: load the picture": move["changed"] - move["handed"],
        "browser: paint (two frames of the screen)": move["presented"] - move["changed"],
    }


def from_afar(server: Server, port: int) -> Server:
    """The same server, reached by another port."""
    return replace(server, url=f"http://127.0.0.1:{port}")
