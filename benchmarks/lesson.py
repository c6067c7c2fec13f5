"""What a lesson costs: from opening to all cells run, the kernel's memory, and the imports."""

import statistics
import subprocess
import sys
import time

import nbformat
import psutil
from playwright.sync_api import Browser

from benchmarks.interaction import ROOT, watched_page

from lab_server import Server  # isort: skip  # found through benchmarks.interaction
from lesson_page import Notebook, explorers  # isort: skip

STEM = "02_immune_checkpoints"
REPEATS = 5


def opened_run_and_used(browser: Browser, server: Server) -> dict[str, float]:
    """Seconds from the address to all cells run and shown; the kernel's memory then, and after every preset.

    The browser is a new one, as on a first visit: JupyterLab itself is part of the wait.
    """
    with watched_page(browser) as page:
        notebook, begin = Notebook(page, server), time.perf_counter()
        notebook.open(STEM)
        ready = time.perf_counter()
        notebook.run_all()
        done = time.perf_counter()
        memory = kernel_MB()
        for model in explorers(STEM):
            explorer = notebook.explorer(model)
            explorer.predict()
            for preset in model.presets:
                explorer.preset(preset.label)
                notebook.wait_for_idle()
        used = kernel_MB()
        notebook.close()
    return {
        "lab_and_kernel_s": ready - begin,
        "run_all_s": done - ready,
        "open_to_run_s": done - begin,
        "memory_after_run_MB": memory,
        "memory_after_use_MB": used,
    }


def kernel_MB() -> float:
    """The resident memory of the one kernel that this process, through the server, has started."""
    below = psutil.Process().children(recursive=True)
    kernels = [each for each in below if "ipykernel_launcher" in " ".join(each.cmdline())]
    if len(kernels) != 1:
        raise RuntimeError(f"There should be one kernel, and there are {len(kernels)}.")
    return kernels[0].memory_info().rss / 1e6


def imports() -> dict[str, float]:
    """Seconds for ``import immunolab``, and for the lesson's first cell, in a new Python each time."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{STEM}.ipynb", as_version=4)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {"import_s": in_new_python("import immunolab"), "first_cell_s": in_new_python(first)}


def in_new_python(code: str) -> float:
    """Median seconds of a piece of code, without the start of Python itself."""
    clocked = f"import time\nbegin = time.perf_counter()\n{code}\nprint(time.perf_counter() - begin)"
    run = [sys.executable, "-c", clocked]
    times = []
    for _ in range(REPEATS):
        out = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout
        times.append(float(out.split()[-1]))
    return statistics.median(times)
