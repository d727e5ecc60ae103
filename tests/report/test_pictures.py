"""The pictures: readable at print size, true to the table, and absent where no Chinese font is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ImageColor

from kb.compare.frame import load_frame
from kb.compare.result import Comparison
from kb.report import fonts, pictures
from kb.report.canvas import WIDTH

needs_font = pytest.mark.skipif(fonts.chinese_font() is None, reason="no Chinese font on this system")


@needs_font
def test_the_heat_map_colours_each_cell_by_its_strength(comparison: Comparison, corpus: Path) -> None:
    frame = load_frame(corpus)
    columns = pictures.column_groups(comparison)[0]
    image = pictures.heat_map(comparison, frame, columns)
    assert image is not None
    assert image.width == WIDTH
    seen = {image.getpixel((x, y)) for x in range(500, WIDTH, 7) for y in range(100, image.height - 100, 7)}
    strengths = {c.strength for c in comparison.cells} - {0}
    assert {ImageColor.getrgb(pictures.STRENGTH_COLOURS[s]) for s in strengths} <= seen


@needs_font
def test_a_full_text_without_a_measure_is_blank_and_a_partial_one_hatched(
    comparison: Comparison, corpus: Path
) -> None:
    frame = load_frame(corpus)
    bare = [replace(c, evidence=(), attestations=()) for c in comparison.cells]

    def darkness(coverage: str) -> int:
        cells = tuple(replace(c, coverage=coverage) for c in bare)  # type: ignore[arg-type]
        image = pictures.heat_map(replace(comparison, cells=cells), frame)
        assert image is not None
        return sum(image.convert("L").histogram()[:230])

    assert darkness("partial") > darkness("full") * 1.5


@needs_font
def test_all_pictures_are_drawn(comparison: Comparison, corpus: Path) -> None:
    made = (
        pictures.kinds_chart(comparison, load_frame(corpus)),
        pictures.strengths_chart(comparison),
        pictures.sector_map(comparison),
    )
    for image in made:
        assert image is not None
        assert len(image.getcolors(1_000_000) or ()) > 10


@needs_font
def test_what_only_broad_texts_say_of_a_sector_is_bracketed_on_the_map(comparison: Comparison) -> None:
    assert any(s.remarks for s in comparison.sectors)
    plain = replace(comparison, sectors=tuple(replace(s, remarks={}) for s in comparison.sectors))
    marked, unmarked = pictures.sector_map(comparison), pictures.sector_map(plain)
    assert marked is not None and unmarked is not None and marked.tobytes() != unmarked.tobytes()


def test_the_baseline_comes_first_then_those_that_count(comparison: Comparison) -> None:
    columns = pictures.column_groups(comparison)[0]
    counted = {c.region: c.counted for c in comparison.columns}
    assert columns[0] == "重庆"
    assert [counted[c] for c in columns] == sorted((counted[c] for c in columns), reverse=True)


def test_many_regions_are_spread_over_several_pictures_each_with_the_baseline(comparison: Comparison) -> None:
    many = (*comparison.columns, *(replace(comparison.columns[1], region=f"地区{n}") for n in range(60)))
    groups = pictures.column_groups(replace(comparison, columns=many))
    assert len(groups) > 1
    assert all(g[0] == "重庆" and len(g) <= pictures.MOST_COLUMNS + 1 for g in groups)
    assert {c for g in groups for c in g} == {c.region for c in many}


def test_without_a_chinese_font_there_is_no_picture_rather_than_one_of_boxes(
    comparison: Comparison, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "chinese_font", lambda: None)
    frame = load_frame(corpus)
    assert pictures.heat_map(comparison, frame) is None
    assert pictures.kinds_chart(comparison, frame) is None
    assert pictures.strengths_chart(comparison) is None
    assert pictures.sector_map(comparison) is None


def test_a_font_that_cannot_write_chinese_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msyh.ttc").write_bytes(b"not a font")
    monkeypatch.setattr(fonts, "_folders", lambda: iter([tmp_path]))
    assert fonts.chinese_font.__wrapped__() is None


def test_titles_that_begin_alike_can_be_told_apart(comparison: Comparison) -> None:
    titles = [
        "《安徽省未来产业先导区建设方案》",
        "《安徽省未来产业发展行动方案》",
        "重庆",
        "《某地关于加快培育和发展未来产业的若干措施》",
    ]
    labels = pictures._labels(titles)
    assert len(set(labels)) == len(titles)
    assert labels[2] == "重庆"
    assert pictures._labels(titles[2:]) == ["重庆", "某地关于加快培育…"]
