"""Finds the browser of the tests: the system's Chromium or Chrome, or the one that CHROMIUM names."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The browser tests need Chromium: install it (Debian, Ubuntu: apt install chromium), "
    "or set CHROMIUM to the path of one."
)


def find_chromium() -> str | None:
    """The path of the browser, or None."""
    found = map(shutil.which, [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES)
    return next(filter(None, found), None)


if __name__ == "__main__":
    sys.exit(None if find_chromium() else MISSING)
