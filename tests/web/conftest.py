"""A served page on the shipped corpus and a headless Chromium to look at it with."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import kb
from kb.knowledge import KnowledgeBase

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Visit:
    """A browser tab on the served page, with every host it asked for anything."""

    page: object
    address: str
    hosts: set[str] = field(default_factory=set)

    def preview(self, *files: Path) -> None:
        """In the open library tab, choose ``files`` and ask for the preview."""
        page: Any = self.page
        page.click("#adding button")
        page.set_input_files("#files input[type=file]", files)
        page.wait_for_selector(f"#files >> text={files[-1].suffix} >> nth={len(files) - 1}")
        page.click("#preview")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shipped_desk(shipped: KnowledgeBase) -> object:
    """A desk on the shipped corpus, for reading only."""
    from kb.web.desk import Desk

    return Desk(shipped)


@pytest.fixture(scope="session")
def own_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The shipped corpus in a library of its own, which the page's tests may write to."""
    base = kb.open(tmp_path_factory.mktemp("served"), model="fake")
    base.build()
    yield base
    base.close()


@pytest.fixture(scope="session")
def served(own_base: KnowledgeBase) -> Iterator[str]:
    """The address of the page, served from this process."""
    from kb.web.app import launch

    port = free_port()
    page = launch(own_base, "127.0.0.1", port, None, block=False)
    yield f"http://127.0.0.1:{port}/"
    page.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium with a fresh profile."""
    if not shutil.which(CHROMIUM):
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: object, served: str) -> Iterator[Visit]:
    """A fresh tab at 1366 × 768; the test fails if it asked any other host for anything or a script failed."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined]
    page = context.new_page()
    page.set_default_timeout(20_000)
    one, failures = Visit(page, served), []
    page.on("request", lambda request: one.hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield one
    context.close()
    assert one.hosts - {""} <= {urlsplit(served).netloc}
    assert failures == []
