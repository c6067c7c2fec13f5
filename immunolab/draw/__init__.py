"""The pictures: palette, glyphs, plots and figures kept alive. No model code."""
