"""Take ``docs/screenshots``: every tab at 1366 × 768 (and the first at 1920 × 1080), from the page as served.

``python -m bench.screenshots http://127.0.0.1:7860/`` with the page running on the shipped corpus and the real model.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from urllib.parse import quote

from bench.page import ARGUMENTS, CHROMIUM

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SMALL, LARGE = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
COLOURS = 128
VIEWS = (
    ("gap", "", "table.heat"),
    ("gap-evidence", "?measure=special_fund", "#drawer .panel"),
    ("gap-question", "?question=" + quote("数据要素流通与公共数据授权运营"), "table.heat .asked"),
    ("targets", "?tab=targets&family=pilot_zones", "table.goals"),
    ("sectors", "?tab=sectors", "#sectors table"),
    ("tools", "?tab=tools&other=" + quote("安徽"), "table.profiles"),
    ("clauses", "?tab=clauses&left=cq-2024-action-plan&right=ah-2024-action-plan", "table.align"),
    ("search", "?tab=search&q=" + quote("设立未来产业专项基金，投早投小"), ".hits"),
    ("library", "?tab=library", "table.holdings"),
    ("library-time", "?tab=library&view=time", "table.timeline"),
    ("library-map", "?tab=library&view=map&shade=pilot_zone", ".map svg"),
    ("document", "?tab=library&doc=cq-2024-action-plan&p=6", ".reading .here"),
    ("folder", "?tab=folder", "#pins"),
)
ONLY_LARGE = ("gap", "clauses", "tools")


def main() -> None:
    """Open each view, wait until it is drawn, keep the picture with few colours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args().address
    from playwright.sync_api import sync_playwright

    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for size, suffix in ((SMALL, ""), (LARGE, "-1920")):
            page = browser.new_page(viewport=size)
            for name, query, sign in VIEWS:
                if suffix and name not in ONLY_LARGE:
                    continue
                page.goto(address + query)
                page.wait_for_selector(sign)
                page.wait_for_timeout(2500)
                _keep(page.screenshot(), OUT / f"{name}{suffix}.png")
        browser.close()


def _keep(png: bytes, path: Path) -> None:
    from PIL import Image

    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
