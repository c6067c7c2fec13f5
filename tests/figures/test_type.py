"""The course's typeface: shipped with its licence, complete, and used on request."""

import matplotlib
import pytest
from matplotlib import font_manager

from immunolab.draw.type import FAMILY, FONTS, course_style, register_fonts, use_course_style

SIGNS = "PD-L1 µm² 10⁻⁵ C₀ αβγδκλµτω ΔΣΩ ← ↑ → ↓ ↔ − × ÷ ± ≈ ≠ ≤ ≥ ∞ √ ∑ ∫ · … – — ‘ ’ “ ” ✓ ✗ ● ○ ▲ Ångström naïve Köhler"


def test_the_fonts_travel_with_their_licence():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "The Inter Project Authors" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in FONTS.glob("*.otf")) < 250_000


@pytest.mark.parametrize(
    "weight, style, cut",
    [("normal", "normal", "Regular"), ("semibold", "normal", "SemiBold"), ("normal", "italic", "Italic")],
)
def test_each_cut_is_found_and_holds_every_sign_the_course_writes(weight, style, cut):
    register_fonts()
    wanted = font_manager.FontProperties(family=FAMILY, weight=weight, style=style)
    found = font_manager.findfont(wanted, fallback_to_default=False)
    assert found == str(FONTS / f"ImmunoLabSans-{cut}.otf")
    font = font_manager.get_font(found)
    assert font.family_name == FAMILY  # a name of its own: an installed Inter is never picked in its place
    assert not [sign for sign in SIGNS if font.get_char_index(ord(sign)) == 0]


def test_the_style_is_applied_for_one_figure_or_for_all():
    before = matplotlib.rcParams["font.family"]
    with matplotlib.rc_context(course_style()):
        assert matplotlib.rcParams["font.family"] == [FAMILY]
    assert matplotlib.rcParams["font.family"] == before
    with matplotlib.rc_context():
        use_course_style()
        assert matplotlib.rcParams["font.family"] == [FAMILY]
