"""Three kinds of engager: size, half-life, and who can have them."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import DOWN, UP, bcma, cd19, igg, pmhc, tandem_scfv, tcr_engager
from immunolab.draw.palette import ANTI_CD3, ANTIBODY, BCMA, CD19, GRID, INK, MUTED, PEPTIDE, TCR
from immunolab.draw.scene import BODY, HEAD, Point, Scene
from immunolab.draw.shapes import Molecule
from immunolab.tables import engager, table

TITLE = "Three formats of T-cell engager"
ALT = (
    "Three engagers to one scale, each with its target above and CD3 of a T cell below. Blinatumomab: two binders on one string, without an Fc "
    "part, 55 kilodaltons, a half-life of about two hours, given by pump for 28 days. Teclistamab: a whole IgG with two different arms and a "
    "silent Fc part, about 150 kilodaltons, days to weeks, under the skin once a week. Tebentafusp: a soluble T-cell receptor joined to a binder, "
    "77 kilodaltons, a half-life of 6 to 8 hours, an infusion once a week; its target is a peptide on HLA-A*02:01, so only patients with this HLA type can have it. "
    "The format sets how long it lasts, and a T-cell receptor brings back the need for HLA."
)
CAPTION = "An Fc part makes an engager last; a T-cell receptor sees proteins from inside the cell, but only on the right HLA."
SOURCES = ("Clements2020", "Girgis2022", "KimmtrakSmPC")

WIDTH, HEIGHT = 920, 570
NM = 9.5
LANES = (156, 460, 764)
LOW, HIGH = 262, 500  # where CD3 and the targets stand


def draw() -> Figure:
    """Three lanes."""
    scene = Scene(WIDTH, HEIGHT)
    for x in (308, 612):
        scene.line([(x, 60), (x, HEIGHT - 16)], GRID, 1.5)
    _small(scene)
    _whole(scene)
    _receptor(scene)
    _scale(scene)
    scene.caption(CAPTION)
    return scene.figure


def _lane(scene: Scene, x: float, name: str, kind: str, facts: tuple[tuple[str, str], ...]) -> None:
    scene.name((x, HEIGHT - 32), kind, size=HEAD)
    scene.text((x, HEIGHT - 53), name, BODY, MUTED, align="center")
    for number, (what, value) in enumerate(facts):
        y = 216 - 36 * number
        scene.text((x - 138, y), what, 13.5, MUTED)
        scene.text((x - 66, y), value, BODY, bold=number < 2)


def _cd3(scene: Scene, at: Point) -> Point:
    m = Molecule(scene, at, UP, NM, TCR)
    m.stem((0, 0), (0, 1.3)).bead(0, 2.1, 2.4, 2.6)
    return m.done([(0, 3.4)]).tip


def _small(scene: Scene) -> None:
    drug, x = engager("blinatumomab"), LANES[0]
    target = cd19(scene, (x + 20, 476), DOWN, NM)
    tandem_scfv(scene, target.tip, _cd3(scene, (x - 20, LOW + 30)), NM)
    scene.name((x + 48, 448), "CD19", CD19, align="left")
    scene.name((x - 42, LOW + 38), "CD3", TCR, align="right")
    _lane(
        scene,
        x,
        drug.name,
        "Two binders, no Fc",
        (
            ("size", f"{drug.mass_kDa:.0f} kDa"),
            ("half-life", drug.half_life_text),
            ("given", "by pump, 28 days"),
            ("needs", "CD19 on the cell"),
        ),
    )


def _whole(scene: Scene) -> None:
    drug, x = engager("teclistamab"), LANES[1]
    target = bcma(scene, (x - 66, 484), DOWN, NM)
    igg(scene, [target.tip, _cd3(scene, (x - 46, LOW + 16))], 0, NM, silent=True, second=ANTI_CD3)
    scene.name((x - 88, 462), "BCMA", BCMA, align="right")
    scene.name((x - 70, LOW + 24), "CD3", TCR, align="right")
    scene.name((x + 62, 440), "silent Fc part", ANTIBODY)
    mass = table("igg_subclasses").set_index("subclass").mass_kDa["IgG4"]
    _lane(
        scene,
        x,
        drug.name,
        "IgG with two arms",
        (
            ("size", f"about {mass:.0f} kDa"),
            ("half-life", "days to weeks"),
            ("given", drug.route.replace("the skin ", "the skin, ")),
            ("needs", "BCMA on the cell"),
        ),
    )


def _receptor(scene: Scene) -> None:
    drug, x = engager("tebentafusp"), LANES[2]
    target = pmhc(scene, (x + 24, 486), DOWN, NM)
    tcr_engager(scene, target.tip, _cd3(scene, (x - 24, LOW + 20)), NM)
    scene.label((x - 8, 484), "Peptide on", "HLA-A*02:01", colour=PEPTIDE, align="right")
    scene.name((x - 46, LOW + 28), "CD3", TCR, align="right")
    _lane(
        scene,
        x,
        drug.name,
        "T-cell receptor",
        (
            ("size", f"{drug.mass_kDa:.0f} kDa"),
            ("half-life", drug.half_life_text),
            ("given", drug.route.replace("infusion ", "infusion, ")),
            ("needs", "the HLA type A*02:01"),
        ),
    )


def _scale(scene: Scene) -> None:
    scene.line([(24, 448), (24 + 10 * NM * 0.5, 448)], INK, 3)
    scene.text((24, 454), "5 nm", 13.5)
