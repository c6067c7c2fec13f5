"""Four ways in which an antibody acts on a tumour cell."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    MEMBRANE,
    UP,
    bilayer,
    c1q,
    cytokines,
    cytoplasm,
    egfr,
    fc_gamma,
    fc_site,
    her2,
    igg,
    macrophage,
    membrane_pore,
    nk_cell,
    reach,
    small_antibodies,
    tumour_cell,
)
from immunolab.draw.palette import (
    CD80,
    COMPLEMENT,
    EGFRT,
    FC_GAMMA,
    GRID,
    HER2,
    INHIBITS,
    MUTED,
    MYELOID,
    NK_CELL,
    PAPER,
    TUMOUR,
)
from immunolab.draw.scene import HEAD, Scene, rounded

TITLE = "Four ways to act"
ALT = (
    "Four panels. Block: antibodies sit on EGFR, a growth receptor of a tumour cell, and the growth factor finds no place. ADCC: antibodies "
    "on a tumour cell are gripped at their Fc part by the receptors of a natural killer cell, whose granules move to the contact. "
    "ADCP: a macrophage has folded itself round a small tumour cell coated with antibody and eats it. CDC: the heads of C1q touch "
    "the Fc parts of several antibodies side by side, and a ring of complement proteins opens a pore in the membrane. One way "
    "needs only the arms; the other three need the Fc part."
)
CAPTION = "Blocking needs only the arms; ADCC, ADCP and CDC need an Fc part that speaks."
SOURCES = ("ToledoStuardo2024", "Clynes2000")

WIDTH, HEIGHT = 920, 652
NM = 5.6
W, H = 445, 288  # of a panel
LEFT, RIGHT, LOW, HIGH = 10, 465, 52, 354
GROWTH = CD80


def draw() -> Figure:
    """Two panels above two."""
    scene = Scene(WIDTH, HEIGHT)
    for left, low, name, remark in (
        (LEFT, HIGH, "Block", "the growth factor finds no place"),
        (RIGHT, HIGH, "ADCC", "a natural killer cell strikes"),
        (LEFT, LOW, "ADCP", "a macrophage eats"),
        (RIGHT, LOW, "CDC", "complement opens a pore"),
    ):
        scene.path(rounded(left, low, W, H, 18), fill=PAPER, edge=GRID, width=1.6)
        scene.name((left + 18, low + H - 30), name, align="left", size=HEAD)
        scene.text((left + 80, low + H - 30), remark)
    _block(scene)
    _adcc(scene)
    _adcp(scene)
    _cdc(scene)
    scene.caption(CAPTION)
    return scene.figure


def _membrane(scene: Scene, left: float, face: float) -> None:
    cytoplasm(scene, left + 12, left + W - 12, face - 4 * NM, face - 82, TUMOUR)
    bilayer(scene, [(left + 14, face), (left + W - 14, face)], TUMOUR, MEMBRANE * NM)


def _block(scene: Scene) -> None:
    """Arms on the receptors; growth factors go without."""
    face = HIGH + 84
    _membrane(scene, LEFT, face)
    feet = [LEFT + x for x in (88, 146, 298, 356)]
    tips = [egfr(scene, (x, face), UP, NM).tip for x in feet]
    for pair in (tips[:2], tips[2:]):
        igg(scene, pair, UP, NM)
    cytokines(
        scene,
        [(LEFT + x, HIGH + y) for x, y in ((60, 226), (176, 232), (222, 214), (258, 236), (392, 222))],
        7,
        GROWTH,
    )
    scene.bar((LEFT + 222, HIGH + 198), (LEFT + 222, HIGH + 152), colour=INHIBITS, width=2.6)
    scene.name((LEFT + 222, HIGH + 128), "growth factor", GROWTH)
    scene.label((LEFT + 18, HIGH + 176), "EGFR", to=(LEFT + 84, HIGH + 122), colour=EGFRT)
    scene.name((LEFT + 18, HIGH + 16), "Tumour cell", TUMOUR, align="left")


def _adcc(scene: Scene) -> None:
    """A killer cell, its receptors round the Fc parts."""
    nm = 4.8
    killer = nk_cell(scene, (RIGHT + 100, HIGH + 128), 76, facing=0)
    target = tumour_cell(scene, (RIGHT + 362, HIGH + 128), 76, seed=3)
    for angle, side in ((157, 1), (203, -1)):
        sites = [her2(scene, *target.surface(angle + turn), nm).tip for turn in (-11, 11)]
        held = igg(scene, sites, angle, nm, fc_turn=-18 * side)
        foot, _ = killer.surface(26 * side)
        reach(scene, fc_gamma, foot, fc_site(held, "gamma", nm, side), nm)
    scene.name((RIGHT + 100, HIGH + 18), "NK cell", NK_CELL)
    scene.name((RIGHT + 362, HIGH + 18), "Tumour cell", TUMOUR)
    scene.label((RIGHT + 290, HIGH + 244), "HER2", to=(RIGHT + 275, HIGH + 196), colour=HER2)
    scene.name((RIGHT + 224, HIGH + 118), "Fcγ\nreceptor", FC_GAMMA, size=14.5)


def _adcp(scene: Scene) -> None:
    """A macrophage folds itself round its prey."""
    nm, middle = 3.0, (LEFT + 308, LOW + 134)
    eater = macrophage(scene, (LEFT + 134, LOW + 134), 82, seed=2, prey=(middle, 90))
    prey = tumour_cell(scene, middle, 38, seed=5)
    for angle in (180, 132, -132):
        held = igg(scene, [prey.surface(angle + turn)[0] for turn in (-15, 15)], angle, nm)
        site = fc_site(held, "gamma", nm, 1)
        foot = min(
            map(tuple, eater.outline), key=lambda point: np.hypot(point[0] - site[0], point[1] - site[1])
        )
        reach(scene, fc_gamma, foot, site, nm)
    far = [(angle, 38 + 3.4 * nm) for angle in (62, 0, -62)]
    small_antibodies(
        scene,
        [(middle[0] + r * np.cos(np.radians(a)), middle[1] + r * np.sin(np.radians(a)), a) for a, r in far],
        nm,
    )
    scene.name((LEFT + 90, LOW + 14), "Macrophage", MYELOID)


def _cdc(scene: Scene) -> None:
    """C1q on a group of Fc parts, the pore beside it."""
    nm, face = 4.6, LOW + 84
    _membrane(scene, RIGHT, face)
    group = [RIGHT + 224, RIGHT + 294, RIGHT + 364]
    c1q(scene, (group[1] + 3.4 * nm, LOW + 158), UP, nm, spread=140 / nm)
    for x in group:
        tips = [her2(scene, (x + aside, face), UP, nm).tip for aside in (-18, 18)]
        igg(scene, tips, UP, nm)
    membrane_pore(scene, (RIGHT + 92, face), UP, 6.4)
    scene.arrow((RIGHT + 188, LOW + 178), (RIGHT + 116, LOW + 144), 0.2, MUTED, 2.6)
    scene.name((RIGHT + 292, LOW + 14), "Tumour cell", TUMOUR)
    scene.name((RIGHT + 380, LOW + 236), "C1q", COMPLEMENT)
    scene.name((RIGHT + 92, LOW + 14), "pore", COMPLEMENT)
