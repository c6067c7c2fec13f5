"""Where an antibody's parts come from, and what its name used to say about it."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import igg_domains
from immunolab.draw.palette import ANTIBODY, GRID, MURINE, MUTED, PAPER, Colour, mix
from immunolab.draw.scene import BODY, HEAD, Scene, rounded
from immunolab.tables import name_endings

TITLE = "From mouse to human, and what the name says"
ALT = (
    "Four antibodies in a row, parts from the mouse in orange and human parts in green. A murine antibody is all orange: its name "
    "ends in -omab, as in tositumomab. A chimeric one keeps the mouse's variable domains on a human body: -ximab, as in rituximab. A humanised one "
    "keeps only the loops: -zumab, as in trastuzumab. A human one is all green: -umab, as in ipilimumab. Below, the newer endings: "
    "since 2021 -tug, -bart, -mig and -ment tell the format instead of -mab. An old name tells the origin, a new one the build."
)
CAPTION = "Old names tell where the sequence came from; new ones tell how the molecule is built."
SOURCES = ("Guimaraes2022", "WHO2022INN")

WIDTH, HEIGHT = 920, 512
ENDINGS = name_endings("what the molecule is")
MEANS = (
    "whole antibody,\nconstant parts unchanged",
    "whole antibody,\nconstant parts engineered",
    "holds two targets\nor more",
    "a fragment\nfor one target",
)
KINDS = (
    ("Murine", "all from the mouse", {"heavy": MURINE}),
    ("Chimeric", "variable domains from the mouse", {"variable": MURINE}),
    ("Humanised", "only the loops from the mouse", {"loops": MURINE}),
    ("Human", "nothing from the mouse", {}),
)


def draw() -> Figure:
    """Four antibodies above, four endings below."""
    scene = Scene(WIDTH, HEIGHT)
    names = name_endings("source of the sequence")
    for number, (kind, origin, colours) in enumerate(KINDS):
        _origin(
            scene,
            124 + 224 * number,
            kind,
            origin,
            names.ending.iloc[number],
            names.example.iloc[number],
            colours,
        )
    _key(scene)
    _since_2021(scene)
    scene.caption(CAPTION)
    return scene.figure


def _origin(
    scene: Scene, x: float, kind: str, origin: str, ending: str, example: str, colours: dict[str, Colour]
) -> None:
    """One antibody, its kind above, its ending and an example below."""
    igg_domains(scene, (x, 366), -90, 11.5, **colours)
    scene.name((x, HEIGHT - 32), kind, size=HEAD)
    scene.text((x, HEIGHT - 52), origin, 13.5, align="center")
    scene.name((x, 240), ending, size=HEAD)
    scene.text((x, 219), f"as in {example}", BODY, MUTED, align="center")


def _key(scene: Scene) -> None:
    for x, y, tone, words in ((214, 250, MURINE, "mouse"), (214, 228, ANTIBODY, "human")):
        scene.path(rounded(x, y, 14, 14, 4), fill=tone.line, edge=tone.edge, width=1)
        scene.text((x + 21, y + 2), words, BODY, tone.edge)


def _since_2021(scene: Scene) -> None:
    """The endings of new names."""
    scene.path(rounded(12, 48, WIDTH - 24, 150, 20), fill=mix(ANTIBODY.tint, PAPER, 0.72))
    scene.name((30, 168), f"New names since {ENDINGS.year.iloc[0]}", ANTIBODY, align="left", size=HEAD)
    scene.text((250, 168), "-mab is no longer given; a name that was given stays", BODY)
    for number, (ending, meaning) in enumerate(zip(ENDINGS.ending, MEANS, strict=True)):
        x = 124 + 224 * number
        scene.name((x, 124), ending, size=HEAD)
        scene.text((x, 110), meaning, BODY, align="center", valign="top")
        if number:
            scene.line([(x - 112, 62), (x - 112, 146)], mix(ANTIBODY.line, GRID, 0.7), 1.2)
