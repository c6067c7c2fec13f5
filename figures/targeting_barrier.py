"""The binding-site barrier: who holds tightest stops first."""

from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import red_cell, wavy
from immunolab.draw.palette import ANTIBODY, BLOOD, ENDOTHELIUM, MUTED, PAPER, TUMOUR, mix
from immunolab.draw.scene import HEAD, Point, Scene, disc, rounded, smooth_polygon
from immunolab.models.penetration import Plasma, penetrate
from immunolab.tables import penetration

TITLE = "The binding-site barrier"
ALT = (
    "Two round slices of tumour, each with a blood vessel in the middle and cells round it. The greener a cell, the more of its antigen "
    "holds an antibody. On the left the antibody binds tightly: the cells next to the vessel are deep green, those further out have none. "
    "On the right it binds a hundred times less tightly: all cells are pale green, a little darker near the vessel. Both slices hold "
    "nearly the same amount of antibody. Tighter binding spreads the same antibody over fewer cells."
)
CAPTION = (
    "The same dose, nearly the same amount in the tumour: tighter binding leaves it with the first cells."
)
SOURCES = ("ThurberWittrup2012",)

WIDTH, HEIGHT = 920, 566
SCALE = 2.75  # pixels for a micrometre
SET = penetration("an IgG in a mouse")
TISSUE = SET.tumour
DOSE, DAYS = Plasma(300), 3
CELL = 11.5  # micrometres from one cell to the next


def draw() -> Figure:
    """Two slices that differ in how tightly the antibody binds."""
    scene = Scene(WIDTH, HEIGHT)
    _slice(scene, (226, 288), 0.1, "Binds tightly")
    _slice(scene, (694, 288), 10, "Binds 100 times less tightly")
    _key(scene)
    note = "model of a tumour cord: three days with 300 nM of antibody in plasma, cells with much antigen"
    scene.text((WIDTH / 2, 44), note, 13, MUTED, align="center")
    scene.caption(CAPTION)
    return scene.figure


def _slice(scene: Scene, at: Point, kd_nM: float, name: str) -> None:
    """A vessel and the cells it feeds, each in the colour of its occupancy."""
    profile = penetrate(TISSUE, replace(SET.binder, kd_nM=kd_nM), DOSE, DAYS, cells=120, steps=100)
    rim = TISSUE.krogh_um * SCALE
    scene.name((at[0], HEIGHT - 34), f"{name}: $\\mathregular{{K_D}}$ = {kd_nM:g} nM", size=HEAD)
    scene.path(
        disc(at, rim + 10), fill=mix(TUMOUR.tint, PAPER, 0.55), edge=mix(TUMOUR.line, PAPER, 0.6), width=1.6
    )
    for number, (x, y) in enumerate(_packed()):
        far = float(np.hypot(x, y))
        held = float(np.interp(far, profile.radius_um, profile.occupancy[-1]))
        _cell(scene, (at[0] + x * SCALE, at[1] + y * SCALE), held, number)
    _vessel(scene, at)


def _packed() -> list[Point]:
    """Cells in rows round the vessel, in micrometres from its axis."""
    fate = np.random.default_rng(3)
    places = []
    for row, y in enumerate(np.arange(-7, 8) * CELL * 0.87):
        for x in (np.arange(-8, 9) + 0.5 * (row % 2)) * CELL:
            jitter = fate.uniform(-0.7, 0.7, 2)
            if TISSUE.capillary_um + 0.56 * CELL < np.hypot(x, y) < TISSUE.krogh_um - 0.3 * CELL:
                places.append((float(x + jitter[0]), float(y + jitter[1])))
    return places


def _cell(scene: Scene, at: Point, held: float, seed: int) -> None:
    radius = 0.5 * CELL * SCALE
    tone = _tone(held)
    body = smooth_polygon(wavy(at, radius, {2: 0.05, 3: 0.05}, seed, 10))
    scene.path(
        body,
        fill=tone,
        edge=mix(mix(TUMOUR.line, PAPER, 0.35), ANTIBODY.edge, min(1.0, 1.6 * held)),
        width=1.1 + 1.6 * held,
    )
    scene.path(
        disc((at[0] + 1, at[1] - 1), radius * 0.46),
        fill=mix(tone, mix(TUMOUR.edge, ANTIBODY.edge, held**0.5), 0.28),
    )


def _tone(held: float) -> str:
    return mix(mix(TUMOUR.tint, PAPER, 0.3), ANTIBODY.line, held)


def _vessel(scene: Scene, at: Point) -> None:
    radius = TISSUE.capillary_um * SCALE
    scene.path(disc(at, radius + 4), fill=ENDOTHELIUM.line, edge=ENDOTHELIUM.edge, width=1.4)
    scene.path(disc(at, radius), fill=mix(BLOOD.tint, PAPER, 0.1))
    red_cell(scene, (at[0] - 5, at[1] + 5), 10, 30)
    red_cell(scene, (at[0] + 8, at[1] - 8), 9, -40)


def _key(scene: Scene) -> None:
    """What the green means, between the slices."""
    left, low, height = 451, 190, 190
    for step in range(40):
        scene.path(
            rounded(left, low + step * height / 40, 18, height / 40 + 0.6, 0.1), fill=_tone((step + 0.5) / 40)
        )
    scene.path(rounded(left, low, 18, height, 2), edge=MUTED, width=1)
    for y, words in ((low - 18, "0 %"), (low + height + 8, "100 %")):
        scene.text((460, y), words, 13.5, MUTED, align="center")
    scene.text((460, low + height + 50), "antigen held", 13.5, align="center")
    scene.text((460, low + height + 33), "by antibody", 13.5, align="center")
