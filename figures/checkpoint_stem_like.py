"""Which T cells answer to anti-PD-1: the stem-like reserve, not the cells that are exhausted for good."""

from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import igg, lag3, pd1, t_cell, tissue
from immunolab.draw.palette import (
    ACTIVATES,
    ANTIBODY,
    EXHAUSTED_T,
    INHIBITS,
    MUTED,
    NAIVE_T,
    NODE,
    STEM_LIKE_T,
    T_CELL,
    TISSUE,
    TUMOUR,
)
from immunolab.draw.scene import BODY, LINE, Scene, smooth_polygon

TITLE = "The stem-like reserve"
ALT = (
    "A path of T cells from left to right. A naive T cell that meets its antigen becomes an effector cell when the antigen is "
    "soon cleared. When the antigen stays, a stem-like reserve with TCF1 and a little PD-1 forms in lymph nodes and in niches "
    "of the tumour, and renews itself. It gives rise to dividing, killing cells and these to exhausted cells with many brakes. "
    "Anti-PD-1 strengthens the step from the reserve to dividing cells; the way back from exhaustion is crossed out."
)
CAPTION = "In mice, anti-PD-1 makes the stem-like reserve divide; it does little for cells that are already exhausted."
SOURCES = ("Im2016", "Siddiqui2019", "Miller2019", "Fransen2018")

WIDTH, HEIGHT = 920, 530
NM = 4.0


def draw() -> Figure:
    """The path from left to right."""
    scene = Scene(WIDTH, HEIGHT)
    _places(scene)
    _short(scene)
    _reserve(scene)
    _dividing(scene)
    _exhausted(scene)
    scene.caption(CAPTION)
    return scene.figure


def _places(scene: Scene) -> None:
    """The two grounds on which it happens."""
    node = [
        (206, 150), (202, 300), (218, 420), (296, 494), (392, 490), (452, 420), (466, 280), (454, 150), (392, 82), (276, 82),
    ]  # fmt: skip
    quiet = ((328, 148, 230), (328, 128, 200), (334, 455, 150), (334, 437, 150), (408, 380, 70))
    tissue(scene, smooth_polygon(node), NODE, NODE, apart=30, haze=0.87, clear=quiet)
    tumour = [
        (496, 140), (488, 300), (502, 430), (590, 496), (720, 500), (860, 492), (960, 440), (960, 100), (840, 54),
        (680, 56), (550, 66),
    ]  # fmt: skip
    quiet = ((575, 172, 160), (800, 162, 190), (800, 142, 190), (690, 462, 70), (690, 90, 190))
    tissue(scene, smooth_polygon(tumour), TUMOUR, TISSUE, apart=52, haze=0.88, clear=quiet)
    scene.name((334, 466), "Lymph node, niches\nof the tumour", NODE, valign="top")
    scene.name((690, 470), "Tumour", TUMOUR, valign="top")


def _short(scene: Scene) -> None:
    """The short way, when the antigen is cleared; and the long one, when it stays."""
    t_cell(scene, (76, 266), 60, "naive")
    scene.name((76, 192), "Naive", NAIVE_T)
    t_cell(scene, (80, 430), 50, "effector", facing=-30)
    scene.name((80, 492), "Effector", T_CELL)
    scene.arrow((77, 324), (79, 370), 0, MUTED)
    scene.text((92, 345), "antigen cleared", BODY, MUTED, valign="center")
    scene.arrow((134, 266), (196, 266), 0, MUTED)
    scene.text((138, 244), "antigen\nstays", BODY, MUTED, valign="top")


def _reserve(scene: Scene) -> None:
    """The reserve renews itself; an antibody holds its PD-1."""
    reserve = t_cell(scene, (318, 266), 84, "stem-like")
    scene.name(reserve.at, "TCF1", STEM_LIKE_T, valign="center")
    sites = [pd1(scene, *reserve.surface(angle), NM).tip for angle in (48, 12)]
    pd1(scene, *reserve.surface(-150), NM)
    igg(scene, sites, 30, NM, silent=True)
    scene.name((408, 374), "anti-PD-1", ANTIBODY)
    scene.arrow((276, 342), (330, 350), 0.6, STEM_LIKE_T.edge)
    scene.label(
        (328, 166), "Stem-like reserve", "a little PD-1; renews itself", colour=STEM_LIKE_T, align="center"
    )


def _dividing(scene: Scene) -> None:
    """The step that anti-PD-1 strengthens."""
    scene.arrow((404, 246), (506, 246), width=6)
    scene.name((428, 218), "divide", ACTIVATES)
    for x, y in ((556, 312), (614, 262), (550, 232), (620, 350)):
        cell = t_cell(scene, (x, y), 42, "effector", seed=x)
        if y > 300:  # the two behind; on the two in front it would be cut off
            pd1(scene, *cell.surface(70), NM)
    scene.name((580, 167), "Dividing, killing", T_CELL)


def _exhausted(scene: Scene) -> None:
    """Cells with many brakes, and the way back that most do not find."""
    scene.arrow((664, 300), (712, 300), 0, MUTED)
    for x, y, radius, turn in (
        (768, 340, 50, 100),
        (848, 262, 54, -88),
        (764, 230, 48, 215),
        (856, 378, 46, 120),
    ):
        cell = t_cell(scene, (x, y), radius, "exhausted", seed=x)
        for glyph, angle in ((pd1, 0), (lag3, 32), (pd1, -34)):
            glyph(scene, *cell.surface(turn + angle), 3.2)
    scene.label((800, 178), "Exhausted", "many brakes, hard to reverse", colour=EXHAUSTED_T, align="center")
    back = Path([(776, 128), (690, 84), (606, 142)], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    scene.path(back, edge=MUTED, width=2.4, dashes=(7, 6), role=LINE)
    scene.line([(620, 140), (604, 146), (606, 129)], MUTED, 2.4)
    for hand in (-1, 1):
        scene.line([(682, 110 - 9 * hand), (700, 110 + 9 * hand)], INHIBITS, 3.6)
    scene.text((690, 72), "most do not come back", BODY, align="center")
