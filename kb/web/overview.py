"""文库 seen at large: the time line of documents by region, and the map shaded by holdings or by one measure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.compare.frame import Measure
from kb.errors import KbError
from kb.model import COVERAGE_ZH, STRENGTH_ZH, Document
from kb.web.desk import Choice, Desk
from kb.web.markup import address, empty, esc, inner

UNDATED = "未详"
# From this many policies on a province is shown in the darkest shade.
SHADES = (1, 3, 6)


def time_line(documents: Sequence[Document]) -> str:
    """Regions × years, one linked mark a policy; what is held in full is filled."""
    policies = [d for d in documents if d.is_policy]
    if not policies:
        return empty("没有符合条件的文件。")
    years = sorted({_year(d) for d in policies if _year(d) != UNDATED})
    columns = [*years, *([UNDATED] if any(_year(d) == UNDATED for d in policies) else [])]
    by_place: dict[tuple[str, str], list[Document]] = {}
    for document in policies:
        by_place.setdefault((document.region, _year(document)), []).append(document)
    head = "".join(f'<th scope="col">{esc(y)}</th>' for y in columns)
    rows = "".join(
        f'<tr><th scope="row">{esc(region or "未定")}</th>'
        + "".join(f"<td>{''.join(map(_mark, _ordered(by_place.get((region, y), []))))}</td>" for y in columns)
        + "</tr>"
        for region in dict.fromkeys(d.region for d in policies)
    )
    key = '<p class="legend"><i class="mark full"></i>全文 <i class="mark"></i>节录或摘编　每个标记是一份文件，点开阅读。动态不列入。</p>'
    return f'{key}<div class="scroll"><table class="list timeline"><thead><tr><th>地区</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _ordered(documents: Sequence[Document]) -> list[Document]:
    return sorted(documents, key=lambda d: d.known_since or "")


def _year(document: Document) -> str:
    return (document.known_since or UNDATED)[:4]


def _mark(document: Document) -> str:
    said = f"{document.citation}，{COVERAGE_ZH[document.coverage]}"
    css = "mark full" if document.coverage == "full" else "mark"
    href = address(tab="library", doc=document.id)
    return f'<a class="{css}" href="{esc(href)}" title="{esc(said)}" aria-label="{esc(said)}"></a>'


@lru_cache(maxsize=2)
def outlines(corpus: Path) -> Mapping[str, Any]:
    """Outlines of the provinces: see ``bench/make_map.py``.

    Raises:
        KbError: the corpus has no map.
    """
    path = corpus / "map" / "china.json"
    if not path.exists():
        raise KbError("语料中没有地图数据（corpus/map/china.json）。")
    content: Mapping[str, Any] = json.loads(path.read_text("utf8"))
    return content


def map_view(desk: Desk, documents: Sequence[Document], shade: str = "") -> str:
    """The map of China: how many policies are held of each province, or how strong one measure is.

    Raises:
        KbError: no such measure, or no map.
    """
    measure = desk.frame.measure(shade) if shade else None
    levels, words, hrefs = _strengths(desk, measure) if measure else _holdings(documents)
    drawn = outlines(desk.base.corpus.folder)
    width, height = drawn["size"]
    shapes = "".join(_province(p, levels, words, hrefs) for p in drawn["provinces"])
    lines = "".join(f'<path d="{esc(line)}" class="border"/>' for line in drawn["lines"])
    labels = "".join(
        f'<text x="{p["at"][0]}" y="{p["at"][1]}" class="{_ink(p, levels, words)}">{esc(p["name"])}</text>'
        for p in drawn["provinces"]
    )
    key = f"<h3>{esc(measure.name if measure else '收录的政策文件数')}</h3>{_key(measure)}"
    return (
        f'<div class="map"><svg viewBox="0 0 {width} {height}" role="img" aria-label="地图">{shapes}{lines}{labels}</svg>'
        f'<div>{key}{_shade_links(desk, measure)}<p class="note">{esc(drawn["note"])}</p></div></div>'
    )


def _holdings(documents: Sequence[Document]) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    counts = Counter(d.region for d in documents if d.is_policy)
    return (
        {region: sum(n >= least for least in SHADES) for region, n in counts.items()},
        {region: f"{region}：{n} 份政策文件" for region, n in counts.items()},
        {region: address(tab="library", of=region) for region in counts},
    )


def _strengths(desk: Desk, measure: Measure) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    shown = desk.table(Choice())
    cells = [shown.cells[(measure.id, c.region)] for c in shown.comparison.columns]
    here = {"tab": "library", "view": "map", "shade": measure.id}
    return (
        {c.region: c.strength for c in cells},
        {c.region: f"{c.region}：{STRENGTH_ZH[c.strength]}" for c in cells},
        {c.region: address(**here, measure=measure.id, region=c.region) for c in cells},
    )


def _province(
    province: Mapping[str, Any], levels: Mapping[str, int], words: Mapping[str, str], hrefs: Mapping[str, str]
) -> str:
    name = province["name"]
    said = words.get(name, f"{name}：没有收录")
    shape = f'<path d="{esc(province["path"])}" class="m{levels.get(name, 0)}{"" if name in words else " none"}"><title>{esc(said)}</title></path>'
    return f'<a href="{esc(hrefs[name])}" aria-label="{esc(said)}">{shape}</a>' if name in hrefs else shape


def _ink(province: Mapping[str, Any], levels: Mapping[str, int], words: Mapping[str, str]) -> str:
    """White on dark land, pale where nothing is held; a name beside its land is dark always."""
    name = province["name"]
    return "none" if name not in words else "t0" if province.get("off") else f"t{levels.get(name, 0)}"


def _key(measure: Measure | None) -> str:
    steps = (
        [(i, name) for i, name in STRENGTH_ZH.items()]
        if measure
        else [(i + 1, f"{least} 份以上") for i, least in enumerate(SHADES)]
    )
    rows = "".join(f'<li><i class="swatch m{i}"></i>{esc(name)}</li>' for i, name in steps)
    return f'<ul class="key-list">{rows}<li><i class="swatch none"></i>没有收录</li></ul>'


def _shade_links(desk: Desk, chosen: Measure | None) -> str:
    groups = "".join(
        f"<p><small>{esc(d.name)}</small> "
        + "".join(
            inner(address(tab="library", view="map", shade=m.id), m.name, "chip on" if chosen == m else "chip")
            for m in d.measures
        )
        + "</p>"
        for d in desk.frame.dimensions
    )
    whole = inner(address(tab="library", view="map"), "按收录份数", "chip" if chosen else "chip on")
    return f'<nav class="shades" aria-label="着色">{whole}<p><small>按一项举措的力度：</small></p>{groups}</nav>'
