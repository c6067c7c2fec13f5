"""The cascade of cytokine release, and where two drugs stop it."""

from functools import partial
from random import Random

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    bind,
    car,
    car_t_cell,
    cd19,
    endothelium,
    igg,
    il1r,
    il6r,
    leukaemia_cell,
    macrophage,
    messengers,
    red_cell,
)
from immunolab.draw.palette import (
    ANTIBODY,
    BLOOD,
    CYTOKINE,
    ENDOTHELIUM,
    GM_CSF,
    IL1,
    IL6,
    MUTED,
    MYELOID,
    PAPER,
    T_CELL,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, Point, Scene, disc, rounded

TITLE = "How CAR-T cells set off cytokine release syndrome"
ALT = (
    "Four numbered steps. A CAR-T cell holds CD19 on a tumour cell. It releases interferon-γ and GM-CSF. These excite a "
    "macrophage of the patient, which releases interleukin-6 and interleukin-1. Below runs a capillary; both cytokines reach "
    "receptors on its wall, the wall opens and leaks, and fever, low blood pressure and lack of oxygen follow. Tocilizumab, "
    "an antibody, holds two interleukin-6 receptors and keeps interleukin-6 out; anakinra sits in an interleukin-1 receptor. "
    "Both drugs act on the answer of the patient's own cells and leave the CAR-T cell alone."
)
CAPTION = "In mice most IL-6 and IL-1 came from macrophages and monocytes: the drugs block these, not the CAR-T cells."
SOURCES = ("Giavridis2018", "Norelli2018", "Morris2022", "Le2018")

WIDTH, HEIGHT = 920, 594
CELLS = 452  # the middle of the cells
WALL = 176  # the wall of the capillary
NM = 5.2  # of the CAR
WIDE = 6.6  # of what stands on the wall


def draw() -> Figure:
    """Along the cascade."""
    scene = Scene(WIDTH, HEIGHT)
    _capillary(scene)
    _attack(scene)
    _messages(scene)
    _receptors(scene)
    scene.caption(CAPTION)
    return scene.figure


def _attack(scene: Scene) -> None:
    tumour = leukaemia_cell(scene, (78, CELLS), 54, seed=2)
    killer = car_t_cell(scene, (262, CELLS), 52, angles=(75, 250), nm=3.8)
    for aside in (-15, 15):
        bind(scene, partial(car, inside=False), cd19, killer.rim(180, aside), tumour.rim(0, -aside), NM)
    macrophage(scene, (616, CELLS - 6), 68)
    scene.name((78, CELLS + 72), "Tumour cell", TUMOUR)
    scene.name((262, CELLS + 82), "CAR-T cell", T_CELL)
    scene.label((616, CELLS + 112), "Macrophage", "the patient’s own", colour=MYELOID, align="center")
    scene.step((168, CELLS + 62), 1)


def _messages(scene: Scene) -> None:
    """First what the CAR-T cell sends, then what the macrophage sends."""
    scene.arrow((324, CELLS), (538, CELLS), 0, mix(MUTED, PAPER, 0.45), 2.6)
    _stream(scene, "IFN-γ", (338, CELLS + 28), (528, CELLS + 24), 11, 13)
    _stream(scene, "GM-CSF", (338, CELLS - 26), (528, CELLS - 24), 11, 13)
    scene.step((430, CELLS + 100), 2)
    scene.name((430, CELLS + 64), "interferon-γ", CYTOKINE)
    scene.name((430, CELLS - 74), "GM-CSF", GM_CSF)
    for start, end in (((566, 388), (446, 276)), ((666, 386), (684, 276))):
        scene.arrow(start, end, 0, mix(MUTED, PAPER, 0.45), 2.6)
    _stream(scene, "IL-1", (556, 378), (462, 290), 10, 25)
    _stream(scene, "IL-6", (668, 374), (682, 292), 10, 27)
    scene.step((604, 350), 3)
    scene.name((446, 342), "IL-1", IL1)
    scene.name((742, 338), "IL-6", IL6)


def _stream(scene: Scene, kind: str, start: Point, end: Point, n: int, spread: float) -> None:
    """Messengers on their way, none quite on the line."""
    fate = Random(len(kind) + n)
    along = np.subtract(end, start) / (n - 1)
    side = np.array([-along[1], along[0]]) / np.hypot(*along)
    turns = (step * along + side * spread * fate.uniform(-1, 1) for step in range(n))
    messengers(scene, [tuple(np.add(start, turn)) for turn in turns], kind, 7)


def _capillary(scene: Scene) -> None:
    """The vessel under its wall, which leaks."""
    for step in range(8):
        scene.path(
            rounded(-20, 58 + 4 * step, 960, WALL - 62 - 4 * step, 10),
            fill=mix(PAPER, mix(BLOOD.tint, PAPER, 0.1), (step + 1) / 8),
        )
    endothelium(scene, -10, 930, WALL, cells=8, thick=28, gap=15)
    for x, y, tilt in (
        (40, 132, 20),
        (120, 104, -30),
        (196, 138, 40),
        (726, 136, 10),
        (806, 106, -40),
        (884, 134, 30),
    ):
        red_cell(scene, (x, y), 12, tilt)
    gaps = [-10 + 117.5 * cell for cell in range(1, 8)]
    drops = [(x + dx, WALL + dy) for x in gaps for dx, dy in ((-4, -16), (3, 0), (-3, 15), (4, 28))]
    scene.stamp(disc((0, 0), 3), drops, mix(ENDOTHELIUM.line, PAPER, 0.45))
    scene.step((290, 131), 4)
    scene.name((312, 126), "The wall of the capillary leaks:", ENDOTHELIUM, align="left")
    scene.text((312, 102), "fever, low blood pressure, too little oxygen", BODY)


def _receptors(scene: Scene) -> None:
    """Receptors on the wall: free, filled, and held by a drug."""
    foot = WALL + 15
    filled = il6r(scene, (636, foot), 90, WIDE)
    messengers(scene, [(filled.tip[0], filled.tip[1] + 5)], "IL-6", 9)
    held = [il6r(scene, (x, foot - 4), 90, WIDE) for x in (716, 792)]
    igg(scene, [anchor.tip for anchor in held], 90, WIDE)
    scene.label((862, 330), "Tocilizumab", "holds the IL-6\nreceptor", colour=ANTIBODY, align="center")
    taken = il1r(scene, (401, foot), 90, WIDE)
    messengers(scene, [(taken.tip[0] - 3, taken.tip[1])], "IL-1", 9)
    blocked = il1r(scene, (284, foot), 90, WIDE)
    messengers(scene, [(blocked.tip[0] - 3, blocked.tip[1])], "anakinra", 9)
    scene.label(
        (240, 338), "Anakinra", "takes the place of IL-1\nin its receptor", colour=ANTIBODY, align="center"
    )
    scene.leader((264, 281), (blocked.tip[0] - 5, blocked.tip[1] + 3))
