"""The three parts of an antibody-drug conjugate, and how many payloads its molecules carry."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import DOWN, conjugate
from immunolab.draw.palette import ANTIBODY, INK, LINKER, MUTED, PAPER, PAYLOAD, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Chart, Scene, rounded
from immunolab.tables import dar_lot

TITLE = "Anatomy of an antibody-drug conjugate"
ALT = (
    "On the left a large antibody with four linkers, drawn as zigzags, and a red hexagon at the end of each: the payload. The antibody finds "
    "the target, the linker holds in the blood and lets go in the cell, the payload kills. On the right a bar chart of one measured lot of "
    "trastuzumab emtansine: how many of a hundred antibodies carry no, one, two and up to seven payloads. Most carry two to four, two carry "
    "none, two carry seven; the mean is 3.1. The drug-to-antibody ratio is the mean of a mixture, not a property of each molecule."
)
CAPTION = (
    "The drug-to-antibody ratio is a mean: a lot is a mixture of molecules with more payloads and fewer."
)
SOURCES = ("Bender2014",)

WIDTH, HEIGHT = 920, 500
LOT = dar_lot("T-DM1, mean 3.1")


def draw() -> Figure:
    """One molecule on the left, one lot on the right."""
    scene = Scene(WIDTH, HEIGHT)
    _molecule(scene)
    _lot(scene)
    scene.caption(CAPTION)
    return scene.figure


def _molecule(scene: Scene) -> None:
    """The conjugate and the names of its parts."""
    scene.name((236, HEIGHT - 34), "Three parts", size=HEAD)
    drawn = conjugate(scene, [(96, 396), (376, 396)], DOWN, 18, payloads=4)
    arm, fc = (max(drawn.payloads[:2]), max(drawn.payloads[2:]))
    scene.label((404, 316), "Payload", "kills the cell", colour=PAYLOAD, to=(arm[0] + 12, arm[1] - 4))
    link = drawn.linkers[drawn.payloads.index(fc)]
    scene.label((372, 176), "Linker", "holds in the blood,\nlets go in the cell", colour=LINKER, to=link)
    scene.label((78, 190), "Antibody", "finds the target", colour=ANTIBODY, to=(218, 196), align="center")


def _lot(scene: Scene) -> None:
    """How many of a hundred antibodies carry how many payloads."""
    mean = sum(number * share for number, share in enumerate(LOT)) / sum(LOT)
    chart = Chart(566, 104, 330, 290, (-0.5, 7.5), (0, 30))
    scene.name((731, HEIGHT - 34), "One lot: of 100 antibodies ...", size=HEAD)
    for number, share in enumerate(LOT):
        percent = 100 * share / sum(LOT)
        left, top = chart.point(number - 0.38, percent)
        tone = mix(PAYLOAD.line, PAPER, 0.62 - 0.075 * number)
        scene.path(
            rounded(left, chart.low, 0.76 * chart.width / 8, max(top - chart.low, 5), 5),
            fill=tone,
            edge=PAYLOAD.edge,
            width=1,
        )
        scene.text((chart.point(number, 0)[0], top + 7), f"{percent:.0f}", BODY, bold=True, align="center")
        scene.text((chart.point(number, 0)[0], chart.low - 22), f"{number}", 15, align="center")
    scene.line([(chart.left, chart.low), (chart.left + chart.width, chart.low)], MUTED, 1.4)
    scene.text((731, chart.low - 44), "... carry so many payloads", BODY, align="center")
    x = chart.point(mean, 0)[0]
    scene.line([(x, chart.low + 278), (x, chart.low + 300)], INK, 1.6, role=LINE)
    scene.name((x + 8, chart.low + 286), f"mean {mean:.1f}: the ratio (DAR)", INK, align="left")
