"""One server, one Chromium and, where nothing stands against it, one page for all tests in the browser."""

from collections.abc import Iterator

import pytest
from checks import WATCH_SOCKETS
from chromium import MISSING, find_chromium
from lab_server import Server, serving
from lesson_page import Notebook
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREEN = {"width": 1280, "height": 1000}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium() or pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """The one page that all tests use in turn; it may not reach beyond this machine, nor may a page opened beside it."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="no-preference")
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH_SOCKETS)
    strayed = []
    context.on("request", lambda request: is_local(request.url, server) or strayed.append(request.url))
    yield context.new_page()
    context.close()
    assert not strayed, f"asked other machines for {strayed}"


def is_local(url: str, server: Server) -> bool:
    return url.startswith((server.url, "data:", "blob:", "about:"))


@pytest.fixture(scope="module")
def notebook(page: Page, server: Server) -> Iterator[Notebook]:
    """A notebook to open, for a learner who has done nothing yet. Tests of a module go on where the last one left."""
    server.new_learner()
    page.set_viewport_size(SCREEN)
    opened = Notebook(page, server)
    yield opened
    opened.close()
