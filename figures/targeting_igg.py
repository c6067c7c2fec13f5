"""An IgG antibody, domain by domain: two ends with two tasks."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import DomainAnchors, Molecule, fc_gamma, fc_rn, fc_site, her2, igg_domains, reach
from immunolab.draw.palette import ANTIBODY, COMPLEMENT, FC_GAMMA, FC_RN, GLYCAN, HER2, PAPER, mix
from immunolab.draw.scene import HEAD, Point, Scene, rounded

TITLE = "One molecule, two ends"
ALT = (
    "An IgG antibody shaped like a Y. Its two Fab arms each have four domains: the variable domains VH and VL at the end, whose "
    "loops touch the antigen, and the constant domains CH1 and CL. A hinge joins them to the Fc part, two chains of CH2 and CH3 "
    "with a sugar, the glycan, between the CH2 domains. Three readers touch the Fc part: an Fc-gamma receptor near the hinge, C1q "
    "at CH2, and FcRn where CH2 meets CH3. The arms decide what is held, the Fc part decides what follows."
)
CAPTION = "The Fab arms decide what is held; the Fc part decides who comes and how long the antibody lasts."
SOURCES = ("ToledoStuardo2024",)

WIDTH, HEIGHT = 920, 620
NM = 26
HINGE = (460, 324)
SPLIT = 330  # height of the border between the two grounds


def draw() -> Figure:
    """The molecule in the middle, names of its parts beside it, its readers round the Fc part."""
    scene = Scene(WIDTH, HEIGHT)
    _ground(scene, SPLIT + 5, HEIGHT - SPLIT - 16, "Fab binds", "both arms alike")
    _ground(scene, 48, SPLIT - 53, "Fc speaks", "to cells and to complement")
    whole = igg_domains(scene, HINGE, -90, NM)
    for tip in whole.tips:
        _antigen(scene, tip, whole.foot)
    _readers(scene, whole)
    _names(scene, whole.parts)
    scene.caption(CAPTION)
    return scene.figure


def _ground(scene: Scene, low: float, height: float, name: str, remark: str) -> None:
    scene.path(
        rounded(10, low, WIDTH - 20, height, 20), fill=mix(ANTIBODY.tint, PAPER, 0.72 if low < 99 else 0.88)
    )
    scene.label((28, low + height - 16), name, remark, colour=ANTIBODY, size=HEAD)


def _antigen(scene: Scene, tip: Point, hinge: Point) -> None:
    """A HER2 molecule whose end meets the loops; its foot points to the cell above."""
    turn = 90 + 0.42 * (np.degrees(np.arctan2(tip[1] - hinge[1], tip[0] - hinge[0])) - 90)
    scale = 13
    along = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))])
    foot = np.asarray(tip) + along * 9.0 * scale
    her2(scene, tuple(foot), turn + 180, scale)


def _readers(scene: Scene, whole: DomainAnchors) -> None:
    """Who reads the Fc part, and where."""
    reach(scene, fc_gamma, (632, 300), fc_site(whole, "gamma", NM, -1), 17)
    scene.label((648, 318), "Fcγ receptor, by the hinge", "calls killers and eaters", colour=FC_GAMMA)
    reach(scene, fc_rn, (632, 148), fc_site(whole, "neonatal", NM, -1), 17)
    scene.label((650, 172), "FcRn, between CH2 and CH3", "saves the antibody from decay", colour=FC_RN)
    m = Molecule(scene, fc_site(whole, "complement", NM, 1), 165, 17, COMPLEMENT)
    m.stem((0, 2.2), (0.3, 5.4), (1.2, 8.2), width=0.7).bead(0, 1.2, 2.3, 2.6).done([(0, 0)])
    scene.label((286, 214), "C1q, at CH2", "starts complement", colour=COMPLEMENT, align="right")


def _names(scene: Scene, parts: Mapping[str, Point]) -> None:
    for at, name, remark, part, tone, align in (
        ((736, 470), "Variable domains", "VH and VL", "VL 2", ANTIBODY, "left"),
        ((664, 392), "Constant domains", "CH1 and CL", "CL 2", ANTIBODY, "left"),
        ((208, 470), "Loops (CDRs)", "touch the antigen", "loops", ANTIBODY, "right"),
        ((460, 458), "Hinge", "bends and turns", "hinge", ANTIBODY, "center"),
        ((286, 132), "Glycan", "a sugar; without it Fcγ\nreceptors hardly hold", "glycan", GLYCAN, "right"),
    ):
        scene.label(at, name, remark, to=parts[part], colour=tone, align=align)
    scene.name((724, 560), "Antigen, here HER2", HER2, align="left")
