"""How long the page takes: from start to usable, and each click, in a headless Chromium.

``python -m bench.page`` measures on the shipped corpus; ``--provisions 100000`` on a library grown to that size with
made-up documents that repeat the corpus's provisions under changed numbers. Prints one Markdown table. Times are
medians of five clicks, from the click to the answer on the screen.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kb
from kb.knowledge import KnowledgeBase, Prepared

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
ROUNDS = 5
PORT = 7899
QUERIES = ("设立未来产业专项基金", "场景创新中心", "先导区评价", "揭榜挂帅", "人才引育")
MEASURES = ("special_fund", "scenario_centre", "zone_evaluation", "core_technology", "pilot_zone", "tax")


def grow(base: KnowledgeBase, size: int) -> None:
    """Add made-up documents until ``base`` holds ``size`` provisions."""
    chance = random.Random(7)
    models = [base.copy(d.id) for d in base.documents() if d.is_policy]
    number = 0
    while base.library.count() < size:
        with base.library.transaction():
            for _ in range(200):
                number += 1
                base.put_back(_made_up(chance, models, number))


def _made_up(chance: random.Random, models: list[Prepared], number: int) -> Prepared:
    """Forty provisions drawn from the models, their figures changed, as one document of a random model's region."""
    model = chance.choice(models)
    drawn = [(m, i) for m in chance.choices(models, k=12) for i in range(len(m.provisions))][:40]
    text, provisions = "", []
    for ordinal, (source, i) in enumerate(drawn, 1):
        old = source.provisions[i]
        words = re.sub(r"\d", lambda _: str(chance.randint(0, 9)), old.text)
        provisions.append(
            dataclasses.replace(old, ordinal=ordinal, text=words, start=len(text), end=len(text) + len(words))
        )
        text += words
    document = dataclasses.replace(
        model.document, id=f"made-{number}", title=f"{model.document.title}（第{number}号）", doc_number=None, origin="user",
        superseded_by=None,
    )  # fmt: skip
    codes, targets = (tuple(getattr(s, part)[i] for s, i in drawn) for part in ("codes", "targets"))
    return Prepared(document, text, tuple(provisions), codes, targets)


def serve(home: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start the page on the library in ``home``; the process and the seconds until it answered."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "kb", "ui", "--kb", str(home), "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            with urllib.request.urlopen(address(), timeout=5):
                return server, time.perf_counter() - started
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("the page did not start") from None
            time.sleep(0.05)


def address(query: str = "") -> str:
    """An address of the page served."""
    return f"http://127.0.0.1:{PORT}/{query}"


def clicks(page: Any) -> dict[str, list[float]]:
    """Seconds of each thing a user does often."""
    found: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], object], until: str) -> None:
        started = time.perf_counter()
        act()
        page.wait_for_function(until, timeout=120_000)
        found.setdefault(name, []).append(time.perf_counter() - started)

    for i in range(ROUNDS):
        timed("打开页面到热力图可用", lambda: page.goto(address()), "!!document.querySelector('table.heat td a')")
        page.wait_for_timeout(800)
        measure = MEASURES[i]
        timed("点一项举措看两边条款", lambda m=measure: page.evaluate(f"document.querySelector(\".heat th a[href*='{m}']\").click()"),  # type: ignore[misc]
              f"!!document.querySelector('#drawer .panel') && location.search.includes('{measure}')")  # fmt: skip
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        kind = ("gap", "suspected", "weaker", "par", "unknown")[i]
        timed("按类别筛选结论", lambda k=kind: page.evaluate(f"kbGo({{kinds: '{k}'}})"),  # type: ignore[misc]
              f"[...document.querySelectorAll('table.findings tbody tr')].every(r => r.className === '{kind}') || !!document.querySelector('#findings .empty')")  # fmt: skip
        peers = ("安徽", "四川", "上海", "北京", "江苏")[i]
        timed("换对照地区（新的比较）", lambda p=peers: page.evaluate(f"kbGo({{peers: '{p}'}})"),  # type: ignore[misc]
              f"document.querySelectorAll('table.heat thead th').length === 3 && document.querySelector('table.heat thead').innerText.includes('{peers}')")  # fmt: skip
        query = QUERIES[i]
        timed("检索", lambda q=query: page.evaluate(f"kbGo({{tab: 'search', q: '{q}'}})"),  # type: ignore[misc]
              f"(document.querySelector('#query textarea, #query input') || {{}}).value === '{query}' && !!document.querySelector('.hits .card')")  # fmt: skip
        timed("打开命中的条款", lambda: page.evaluate("document.querySelector('.hits .card footer a').click()"),
              "!!document.querySelector('.reading .here')")  # fmt: skip
        for tab, name, sign in (
            ("library", "文库", "table.holdings"),
            ("targets", "指标对比", "table.goals"),
            ("sectors", "产业布局", "#sectors table"),
            ("tools", "政策工具", "table.profiles"),
        ):
            timed(f"切到{name}", lambda t=tab: page.evaluate(f"kbGo({{tab: '{t}'}})"),  # type: ignore[misc]
                  f"!!document.querySelector('{sign}')")  # fmt: skip
    return found


def main() -> None:
    """Build, serve, click, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provisions", type=int, default=0)
    parser.add_argument("--kb", type=Path, help="keep the library there and use it again")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        home = options.kb or Path(folder) / "kb"
        base = kb.open(home)
        base.build()
        if options.provisions:
            grow(base, options.provisions)
            base.refresh()
            base.vectors.save()
        size = base.library.count()
        base.close()
        server, started = serve(home)
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                found = clicks(browser.new_page(viewport={"width": 1366, "height": 768}))
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    print(
        f"{size} 条条款，模型 {os.environ.get('KB_MODEL', 'default')}\n\n| 操作 | 中位数（秒） | 最慢（秒） |\n| --- | --- | --- |"
    )
    print(f"| 命令到网页应答 | {started:.2f} | |")
    for name, seconds in found.items():
        print(f"| {name} | {statistics.median(seconds):.2f} | {max(seconds):.2f} |")
    sys.stderr.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
