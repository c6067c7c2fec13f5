"""Five generations of CAR in a row."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import MEMBRANE, UP, bilayer, car, cytokines, cytoplasm
from immunolab.draw.palette import (
    ACTIVATES,
    CD28,
    CYTOKINE,
    FOUR_1BB,
    IL2RB,
    INK,
    MUTED,
    PAPER,
    T_CELL,
    TCR,
    mix,
)
from immunolab.draw.scene import BODY, KEY, LINE, Point, Scene, rounded, smooth_line

TITLE = "Five generations of CAR"
ALT = (
    "Five receptors stand in a row in one T-cell membrane, all with the same binder outside and the same CD3ζ tail inside. "
    "The first has nothing between membrane and tail. The second has one costimulatory domain there, the third two. The fourth "
    "is a second-generation receptor whose signal also reads a gene, and a cytokine leaves the cell. The fifth has a piece "
    "of a cytokine receptor between costimulation and tail, and gives a third signal through STAT. The approved products "
    "are of the second generation; a higher number means more parts, not a better product."
)
CAPTION = "Binder and CD3ζ stay. The generations differ in what they add; a higher number need not be a better product."
SOURCES = ("Sadelain2013", "Larson2021", "Kagoya2018")

WIDTH, HEIGHT = 920, 504
NM = 10.6
FACE = 344
PLACES = (104, 282, 460, 638, 816)
PARTS = (
    {"costimulation": ()},
    {"costimulation": ("4-1BB",)},
    {"costimulation": ("CD28", "4-1BB")},
    {"costimulation": ("CD28",), "hinge": "CD28", "transmembrane": "CD28"},
    {"costimulation": ("CD28", "IL-2Rβ"), "hinge": "CD28", "transmembrane": "CD28"},
)
WORDS = (
    ("First", "the tail alone:\nkills, does not last"),
    ("Second", "a costimulatory domain:\nthe approved products"),
    ("Third", "two costimulatory\ndomains"),
    ("Fourth", "its signal also makes\na cytokine (TRUCK)"),
    ("Fifth", "part of a cytokine\nreceptor: STAT signal"),
)


def draw() -> Figure:
    """The row, and what is new in each."""
    scene = Scene(WIDTH, HEIGHT)
    cytoplasm(scene, 0, WIDTH, FACE - 20, 40, T_CELL)
    bilayer(scene, [(-12, FACE), (WIDTH + 12, FACE)], T_CELL, MEMBRANE * NM)
    drawn = [car(scene, (x, FACE), UP, NM, **parts) for x, parts in zip(PLACES, PARTS, strict=True)]
    for number, (x, (name, remark)) in enumerate(zip(PLACES, WORDS, strict=True), 1):
        scene.step((x, HEIGHT - 30), number)
        scene.label((x, 110), name, remark, colour=INK, align="center")
    _what_is_new(scene, drawn)
    _cytokine(scene, drawn[3].parts["zeta"])
    _stat(scene, drawn[4].parts["costimulation 2"])
    scene.caption(CAPTION)
    return scene.figure


def _what_is_new(scene: Scene, drawn: list) -> None:
    """The name of each new part, to the left of it."""
    for place, part, name, colour in (
        (0, "zeta", "CD3ζ", TCR),
        (1, "costimulation", "4-1BB", FOUR_1BB),
        (2, "costimulation", "CD28", CD28),
        (2, "costimulation 2", "4-1BB", FOUR_1BB),
        (4, "costimulation 2", "IL-2Rβ", IL2RB),
    ):
        _, y = drawn[place].parts[part]
        scene.name((PLACES[place] - 24, y - 5), name, colour, align="right")


def _cytokine(scene: Scene, signal: Point) -> None:
    """The signal reads a gene; what the gene makes leaves the cell."""
    x, y = signal
    gene = rounded(x + 34, y - 22, 60, 20, 10)
    scene.path(gene, fill=mix(CYTOKINE.tint, PAPER, 0.2), edge=CYTOKINE.edge, width=1.6, role=LINE)
    scene.text((x + 64, y - 17), "gene", BODY, CYTOKINE.edge, align="center")
    scene.arrow((x + 12, y + 3), (x + 34, y + 1), -0.2, width=2.4)
    way = [(x + 68, y + 2), (x + 76, y + 60), (x + 78, FACE + 26)]
    scene.path(smooth_line(way), edge=MUTED, width=2, dashes=(5, 5), role=LINE)
    cytokines(scene, [(x + 62, FACE + 46), (x + 86, FACE + 40), (x + 74, FACE + 66), (x + 98, FACE + 62)], 6)


def _stat(scene: Scene, part: Point) -> None:
    x, y = part
    scene.arrow((x + 20, y), (x + 46, y), colour=ACTIVATES, width=2.6)
    scene.name((x + 52, y - 5), "STAT", IL2RB, align="left", size=KEY)
