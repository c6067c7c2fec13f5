"""What becomes of a young tumour: eliminated, held, or escaped, while its clones change."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import dead_cell, macrophage, mdsc, nk_cell, pmhc, t_cell, tumour_cell
from immunolab.draw.palette import CLONE_B, CLONE_C, GRID, MUTED, PAPER, TUMOUR, Colour, mix
from immunolab.draw.scene import BODY, HEAD, Point, Scene, rounded

TITLE = "Eliminated, held, escaped"
ALT = (
    "Three panels above, a strip of time below. Eliminated: T cells, a natural killer cell and a macrophage among dead tumour cells. Held: "
    "a small group of tumour cells of three clones, ringed by T cells; some die, as many are born. Escaped: cells of one dark clone "
    "fill the panel; the few T cells are exhausted, and a suppressor cell stands by. In the strip, height is "
    "the number of tumour cells: small beginnings rise and vanish; one stays, for long as broad as before, while the share of its clones "
    "changes; then the dark clone swells to fill the strip. Being held is no rest: it selects the cells that will get away."
)
CAPTION = (
    "The immune system can remove a beginning or hold it, and by holding it selects the cells that get away."
)
SOURCES = ("Dunn2002", "Schreiber2011", "Koebel2007")

WIDTH, HEIGHT = 920, 620
LEFTS, PANEL, LOW, TALL = (10, 316, 622), 288, 274, 262
BASE = 136  # the middle of the strip
NM = 3.0

FATES = (
    ("Eliminated", "all die, nobody notices"),
    ("Held", "as many die as are born"),
    ("Escaped", "unseen, or not stopped"),
)


def draw() -> Figure:
    """Panels above, the strip of time below."""
    scene = Scene(WIDTH, HEIGHT)
    for left, (name, remark), picture in zip(LEFTS, FATES, (_eliminated, _held, _escaped), strict=True):
        scene.path(rounded(left, LOW, PANEL, TALL, 22), fill=PAPER, edge=GRID, width=1.6)
        scene.name((left + 4, HEIGHT - 32), name, align="left", size=HEAD)
        scene.text((left + 4, HEIGHT - 56), remark)
        picture(scene, (left + PANEL / 2, LOW + TALL / 2))
    _strip(scene)
    scene.caption(CAPTION)
    return scene.figure


def _eliminated(scene: Scene, at: Point) -> None:
    x, y = at
    with scene.copies([(x + a, y + b) for a, b in ((-100, 82), (96, 86), (-102, -80), (100, -86))]):
        dead_cell(scene, (0, 0), 30, seed=2)
    last = tumour_cell(scene, (x + 6, y + 4), 38, seed=4, shadow=False)
    for angle in (60, 125, 240):
        pmhc(scene, *last.surface(angle), NM)
    with scene.copies([(x - 74, y + 4), (x + 2, y + 90)]):
        t_cell(scene, (0, 0), 34, facing=-45, seed=2, shadow=False)
    nk_cell(scene, (x + 84, y - 2), 34, facing=180, shadow=False)
    macrophage(scene, (x + 2, y - 84), 36, seed=3, shadow=False)


def _held(scene: Scene, at: Point) -> None:
    x, y = at
    ring = [(x + 43 * np.cos(turn), y + 43 * np.sin(turn)) for turn in np.radians(range(30, 390, 60))]
    for spots, clone, seed in ((ring[::2], TUMOUR, 3), (ring[1::2], CLONE_B, 5), ([(x, y)], CLONE_C, 7)):
        with scene.copies(spots):
            tumour_cell(scene, (0, 0), 23, colour=clone, seed=seed, shadow=False)
    for facing, spots in ((-20, ((-100, 40), (-22, 98), (-96, -44))), (180, ((102, 28), (94, -50)))):
        with scene.copies([(x + a, y + b) for a, b in spots]):
            t_cell(scene, (0, 0), 29, facing=facing, seed=3, shadow=False)
    with scene.copies([(x + 6, y - 92), (x + 70, y + 92)]):
        dead_cell(scene, (0, 0), 23, seed=3)


def _escaped(scene: Scene, at: Point) -> None:
    """Rows of cells; a few places belong to others."""
    x, y = at
    rows = [
        (x + a + 24 * (row % 2), y + b)
        for row, b in enumerate((92, 46, 0, -46, -92))
        for a in (-110, -61, -12, 37, 86)
    ]
    tired, guard, brick = (4, 9, 15), 19, (13, 22)
    with scene.copies([rows[step] for step in tired]):
        t_cell(scene, (0, 0), 23, "exhausted", seed=4, shadow=False)
    mdsc(scene, rows[guard], 23, shadow=False)
    dark = [step for step in range(len(rows)) if step not in (*tired, guard, *brick)]
    for seed in range(2):
        with scene.copies([rows[step] for step in dark[seed::2]]):
            tumour_cell(scene, (0, 0), 22.5, colour=CLONE_C, seed=seed + 2, shadow=False)
    with scene.copies([rows[step] for step in brick]):
        tumour_cell(scene, (0, 0), 22.5, colour=CLONE_B, seed=6, shadow=False)


def _strip(scene: Scene) -> None:
    """The number of tumour cells over time, and the share of each clone."""
    for x in (LEFTS[1] - 9, LEFTS[2] - 9):
        scene.line([(x, LOW - 18), (x, 66)], GRID, 1.6, dashes=(5, 5))
    for start, end, middle, tall in (
        (34, 108, 168, 9),
        (86, 186, 112, 13),
        (170, 262, 186, 10),
        (214, 300, 92, 8),
    ):
        share = np.linspace(0, 1, 12)
        _area(
            scene,
            start + (end - start) * share,
            middle - tall * np.sin(np.pi * share),
            middle + tall * np.sin(np.pi * share),
            TUMOUR,
        )
    x = np.linspace(196, 906, 48)
    half = 20 * (1 - np.exp(-(x - 196) / 50)) * (1 + 0.10 * np.sin((x - 196) / 24)) + 0.9 * (
        np.exp(np.maximum(x - 620, 0) / 70) - 1
    )
    dark = 0.95 / (1 + np.exp(-(x - 610) / 34)) * (x > 430)
    brick = (1 - dark) * 0.8 / (1 + np.exp(-(x - 450) / 26)) * (x > 330)
    low = BASE - half
    for share, clone in ((1 - dark - brick, TUMOUR), (brick, CLONE_B), (dark, CLONE_C)):
        high = low + 2 * half * share
        _area(scene, x[share > 0], low[share > 0], high[share > 0], clone)
        low = high
    scene.name((800, BASE - 5), "a clone gets away", CLONE_C)
    scene.name((470, BASE + 34), "clones change", CLONE_B)
    scene.text((20, LOW - 38), "height: number of tumour cells", BODY, MUTED)
    scene.arrow((20, 60), (858, 60), 0, MUTED, 2.4)
    scene.text((868, 55), "time", BODY, MUTED)


def _area(scene: Scene, x: np.ndarray, low: np.ndarray, high: np.ndarray, clone: Colour) -> None:
    outline = [*zip(x, low, strict=True), *zip(x[::-1], high[::-1], strict=True)]
    scene.path(
        Path([*outline, outline[0]], closed=True),
        fill=mix(clone.tint, clone.line, 0.22),
        edge=clone.line,
        width=1.2,
    )
