"""Take ``docs/screenshots``: every tab at 1366 × 768 and 1920 × 1080, from the page as served.

``python -m bench.screenshots`` builds the shipped corpus with the real model in a folder of its own, serves it, sets a
finding and two provisions aside so that the folder is not empty, and takes the pictures.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import kb
from bench.page import ARGUMENTS, CHROMIUM, address, serve

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = (("", {"width": 1366, "height": 768}), ("-1920", {"width": 1920, "height": 1080}))
COLOURS = 256
PATIENCE = 120_000
VIEWS = (
    ("gap", "", "table.heat"),
    ("gap-evidence", "?measure=special_fund", "#drawer .panel"),
    ("gap-question", "?question=" + quote("对独角兽企业的奖励"), "table.heat .asked"),
    ("targets", "?tab=targets&family=pilot_zones", "table.goals"),
    ("sectors", "?tab=sectors", "#sectors table"),
    ("tools", "?tab=tools&other=" + quote("安徽"), "table.profiles"),
    ("clauses", "?tab=clauses&left=cq-2024-action-plan&right=ah-2024-action-plan", "table.align"),
    ("search", "?tab=search&q=" + quote("设立未来产业专项基金，投早投小"), ".hits .card"),
    ("library", "?tab=library", "table.holdings"),
    ("library-time", "?tab=library&view=time", "table.timeline"),
    ("library-map", "?tab=library&view=map&shade=pilot_zone", ".map svg"),
    ("document", "?tab=library&doc=cq-2024-action-plan&p=6", ".reading .here"),
    ("folder", "?tab=folder", "#pins .card"),
)
PINS = (
    "#drawer .verdict .act",
    ".side:nth-child(1) .card footer .act >> nth=0",
    ".side:nth-child(2) .card footer .act >> nth=0",
)


def main() -> None:
    """Serve, open each view, wait until it is drawn, keep the picture with few colours."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    from playwright.sync_api import sync_playwright

    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = kb.open(Path(folder) / "kb")
        base.build()
        base.close()
        server, _ = serve(Path(folder) / "kb")
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                _set_aside(browser.new_page(viewport=SIZES[0][1]))
                for suffix, size in SIZES:
                    page = browser.new_page(viewport=size)
                    page.set_default_timeout(PATIENCE)
                    for name, query, sign in VIEWS:
                        page.goto(address(query))
                        page.wait_for_selector(sign)
                        page.wait_for_timeout(3000)
                        _keep(page.screenshot(), OUT / f"{name}{suffix}.png")
                browser.close()
        finally:
            server.terminate()
            server.wait(30)


def _set_aside(page: Any) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(address(VIEWS[1][1]))
    for button in PINS:
        page.click(button)
        page.wait_for_selector("[data-testid=toast-text]")
        page.wait_for_timeout(1500)
    page.close()


def _keep(png: bytes, path: Path) -> None:
    from PIL import Image

    # by coverage, for the small coloured marks would else be merged into one colour
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
