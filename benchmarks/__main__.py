"""The speed of what a learner touches, in one run: ``python -m benchmarks`` prints the tables and keeps them."""

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import interaction, lesson, report
from benchmarks.delay_proxy import distance_to

from conftest import FLAGS, find_chromium  # isort: skip  # the browser tests', through benchmarks.interaction
from lab_server import Server, serving  # isort: skip

RESULTS = Path(__file__).with_name("results.json")
DELAY_S = 0.075  # each way: a learner on Binder sits 100 to 200 ms from the kernel and back
PACKAGES = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy", "pillow")


def main() -> None:
    if not find_chromium():
        sys.exit(
            "The benchmark needs Chromium: install it (on Debian and Ubuntu: apt install chromium), or set CHROMIUM."
        )
    with sync_playwright() as playwright, serving() as server:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        results = measured(browser, server)
        browser.close()
    RESULTS.write_text(json.dumps(rounded(results), indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    report.write_readme(results)
    print(report.as_text(results))


def measured(browser: Browser, server: Server) -> dict:
    about = machine(browser)
    say("a whole lesson: open, run, use")
    course = lesson.opened_run_and_used(browser, server) | lesson.imports()
    interaction.write_notebook(server.course)
    say("a slider, with the kernel on this machine")
    with interaction.opened(browser, server) as notebook:
        near = interaction.all_ways(notebook)
        say("where the time goes")
        stages = interaction.profile(notebook)
    say(f"a slider, {1000 * DELAY_S:.0f} ms away")
    with (
        distance_to(int(server.url.rpartition(":")[2])) as distance,
        interaction.opened(browser, interaction.from_afar(server, distance.port)) as notebook,
    ):
        distance.delay_s = DELAY_S  # JupyterLab itself is here already
        far = interaction.all_ways(notebook)
        distance.delay_s = 0.0
    return {"moves": {"near": near, "far": far}, "profile": stages, "lesson": course, "machine": about}


def machine(browser: Browser) -> dict:
    """What was measured on, in general terms, and how busy it was before."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "Python": platform.python_version(),
        "Chromium": browser.version,
        "load before the run": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else "unknown",
        "packages": {name: version(name) for name in PACKAGES},
    }


def rounded(part):
    """The same results with numbers to be read."""
    if isinstance(part, dict):
        return {name: rounded(value) for name, value in part.items()}
    return round(part, 3) if isinstance(part, float) else part


def say(what: str) -> None:
    print(f"Measuring {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
