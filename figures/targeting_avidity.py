"""One arm or two: why a second arm keeps an antibody on its cell."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import MEMBRANE, UP, bilayer, crowd, cytoplasm, her2, igg
from immunolab.draw.palette import ACTIVATES, HER2, INHIBITS, TUMOUR
from immunolab.draw.scene import Point, Scene, disc

TITLE = "One arm, two arms"
ALT = (
    "Three panels of the same membrane with antigens. On the left the antigens stand far apart: the antibody holds one of them with one "
    "arm, and when this arm lets go the antibody is gone. In the middle they stand close: both arms hold. On the right one of these arms "
    "has let go, but the other still holds, and the free arm finds its antigen again nearby. Each single bond is as weak as before; two "
    "of them together last far longer. This is avidity."
)
CAPTION = "Each bond is no stronger than before, but while one arm lets go the other holds: this is avidity."
SOURCES = ("Nielsen2000", "Slaga2018")

WIDTH, HEIGHT = 920, 424
NM = 7.4
PANEL, GUTTER = 290, 17
FACE = 156


def draw() -> Figure:
    """Three panels on the same membrane."""
    scene = Scene(WIDTH, HEIGHT)
    for number, (panel, name) in enumerate(
        (
            (_one, "Antigens far apart: one arm"),
            (_two, "Close: both arms hold"),
            (_again, "One lets go, one holds"),
        )
    ):
        left = 8 + number * (PANEL + GUTTER)
        scene.name((left + PANEL / 2, HEIGHT - 32), name, size=17)
        cytoplasm(scene, left, left + PANEL, FACE - 4 * NM, FACE - 106, TUMOUR)
        with scene.faded(0.8):
            crowd(
                scene,
                her2,
                [(left + x, FACE + 8) for x in ((14, 272) if number == 0 else (16, 60, 230, 274))],
                UP,
                NM * 0.7,
            )
        bilayer(scene, [(left, FACE), (left + PANEL, FACE)], TUMOUR, MEMBRANE * NM)
        panel(scene, left)
    scene.caption(CAPTION)
    return scene.figure


def _one(scene: Scene, left: float) -> None:
    """One arm on one antigen; the same antibody on its way out."""
    tip = her2(scene, (left + 70, FACE), UP, NM, inside=True).tip
    igg(scene, [tip], 102, NM, spread=105)
    with scene.faded(0.62):
        igg(scene, [(left + 202, FACE + 150)], 60, NM * 0.86, spread=105)
    scene.arrow((left + 150, FACE + 150), (left + 196, FACE + 178), -0.2, INHIBITS, 3)
    scene.text((left + 145, 60), "lets go: lost", align="center")
    scene.name((left + 92, FACE + 22), "HER2", HER2, align="left")


def _two(scene: Scene, left: float) -> None:
    """Both arms hold."""
    tips = [her2(scene, (left + x, FACE), UP, NM, inside=True).tip for x in (98, 194)]
    igg(scene, tips, UP, NM)
    _bonds(scene, tips)
    scene.text((left + 145, 60), "two weak bonds", align="center")


def _again(scene: Scene, left: float) -> None:
    """One arm has let go, the other has not."""
    tips = [her2(scene, (left + x, FACE), UP, NM, inside=True).tip for x in (98, 194)]
    held = igg(scene, tips[:1], 102, NM, spread=105)
    _bonds(scene, tips[:1])
    x, y = held.tips[1]
    scene.arrow((x + 26, y + 4), (tips[1][0] + 16, tips[1][1] + 2), -0.4, ACTIVATES, 2.6)
    scene.text((left + 145, 60), "the free arm finds it again", align="center")


def _bonds(scene: Scene, tips: list[Point]) -> None:
    for tip in tips:
        scene.path(disc(tip, 12), edge=ACTIVATES, width=2.4)
