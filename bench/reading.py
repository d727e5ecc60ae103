"""One table: how well real files are read, ours beside trafilatura and readability-lxml in the same run.

    python -m bench.reading [--realdata DIR]

Needs the real texts (``--realdata``, else ``KB_REALDATA``, else ``../shared/realdata`` beside the project), which are
no part of it, and the ``bench`` extra. References: ``bodies.yaml`` (pages that were read whole), ``gold.jsonl`` (the
headers of gov.cn pages), ``guangzhou.yaml`` (facts written down from the pages), ``index.jsonl`` (articles counted by
the collection's makers), the heading lines of the work reports. Body scores: multisets of runs of four characters,
white space left out, so order within a sentence counts and a lost or added paragraph costs its length.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import lxml.html
import yaml

from bench.pages import Body, reference_bodies, squeezed
from kb.describe import describe
from kb.describe.dates import parse_date
from kb.describe.words import doc_number_in
from kb.model import Provision, Reading
from kb.read import read
from kb.read.decode import decode
from kb.segment import segment

PROJECT = Path(__file__).resolve().parent.parent
AIMS = {"metadata": 0.98, "body F1": 0.99, "articles": 0.999, "lossless": 1.0}
_RUN = 4
_HEADERS = {
    "标题": "title",
    "发文字号": "doc_number",
    "发文机关": "issuer",
    "成文日期": "issued",
    "发布日期": "published",
}
_ARTICLE = re.compile(r"^第([一二三四五六七八九十百零〇\d]+)条(之[一二三四五六七八九十]+)?")
_HEADING_LINE = re.compile(r"^\s*([一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])")
Score = tuple[float, float, float]


def ours(data: bytes) -> str:
    """Our body text of a page."""
    return "\n".join(block.text for block in read(data).blocks)


def by_trafilatura(data: bytes) -> str:
    """trafilatura's body text, tables included, as it is meant to be used; decoding is ours, to its advantage."""
    import trafilatura

    return trafilatura.extract(decode(data), include_comments=False, include_tables=True) or ""


def by_readability(data: bytes) -> str:
    """readability-lxml's body text."""
    from readability import Document

    return str(lxml.html.fromstring(Document(decode(data)).summary()).text_content())


READERS: Mapping[str, Callable[[bytes], str]] = {
    "ours": ours,
    "trafilatura": by_trafilatura,
    "readability": by_readability,
}


def score(found: str, wanted: str) -> Score:
    """Precision, recall and F1 of runs of four characters."""
    got, want = (Counter(text[i : i + _RUN] for i in range(max(len(text) - _RUN + 1, 1))) for text in (found, wanted))
    shared = sum((got & want).values())
    precision, recall = shared / max(sum(got.values()), 1), shared / max(sum(want.values()), 1)
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def bodies(references: Iterable[Body]) -> Iterator[tuple[str, Score, float, list[str]]]:
    """For each reader: mean scores, milliseconds a page, and the pages it does not give back whole."""
    pages = list(references)
    for name, reader in READERS.items():
        started = time.perf_counter()
        texts = [squeezed(reader(page.data)) for page in pages]
        spent = (time.perf_counter() - started) / len(pages) * 1000
        scores = [score(text, page.text) for text, page in zip(texts, pages, strict=True)]
        mean = tuple(sum(column) / len(scores) for column in zip(*scores, strict=True))
        wrong = [page.file for text, page in zip(texts, pages, strict=True) if text != page.text]
        yield name, (mean[0], mean[1], mean[2]), spent, wrong


def gov_cn_fields(realdata: Path) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(file, field, ours, wanted) for every field of the headers of gov.cn."""
    for line in (realdata / "pages-gov-cn" / "gold.jsonl").read_text("utf8").splitlines():
        entry = json.loads(line)
        fields = describe(read((realdata / "pages-gov-cn" / entry["file"]).read_bytes(), url=entry["url"])).fields
        for label, name in _HEADERS.items():
            wanted = entry["header"][label]
            wanted = parse_date(wanted) if name in ("issued", "published") else wanted
            yield entry["file"], name, fields.get(name), wanted or None


def text_only_fields(realdata: Path) -> Iterator[tuple[str, str, str | None, str | None]]:
    """The same from the text alone, as if the page had no header: what a PDF of the document would give."""
    for line in (realdata / "pages-gov-cn" / "gold.jsonl").read_text("utf8").splitlines():
        entry = json.loads(line)
        page = read((realdata / "pages-gov-cn" / entry["file"]).read_bytes(), url=entry["url"])
        fields = describe(Reading("html", page.blocks)).fields
        for label, name in _HEADERS.items():
            if name == "published":
                continue
            wanted = parse_date(entry["header"][label]) if name == "issued" else entry["header"][label]
            yield entry["file"], name, fields.get(name), wanted


def guangzhou_fields(realdata: Path) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(file, field, ours, wanted) for the Guangzhou pages; a field the page lacks must stay empty."""
    for entry in yaml.safe_load((Path(__file__).parent / "guangzhou.yaml").read_text("utf8")):
        file = next((realdata / "pages-guangzhou" / "html").glob(f"{entry['file']}_*"))
        fields = describe(read(file.read_bytes())).fields
        for name, wanted in entry.items():
            if name != "file":
                yield file.name, name, fields.get(name), wanted


def full_text_fields(realdata: Path) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(file, field, ours, wanted) for the titles and numbers of the plain texts with a manifest."""
    folder = realdata / "full-texts"
    for entry in json.loads((folder / "manifest.json").read_text("utf8")):
        text = decode((folder / f"{entry['key']}.txt").read_bytes())
        fields = describe(read(text.encode(), f"{entry['key']}.txt")).fields
        yield entry["key"], "title", fields.get("title"), entry["title"]
        number = doc_number_in(entry.get("doc_no") or "")
        if number and number in squeezed(text):
            yield entry["key"], "doc_number", fields.get("doc_number"), number


def articles(provisions: Iterable[Provision]) -> int:
    """How many different articles the labels name."""
    return len({found.group() for p in provisions if (found := _ARTICLE.match(p.label))})


def regulations(realdata: Path) -> tuple[int, int, int, int, list[str]]:
    """Articles found and wanted, files given back whole, files, and the files where an article is missed or made up."""
    found = wanted = whole = files = 0
    wrong: list[str] = []
    for line in (realdata / "regulations" / "index.jsonl").read_text("utf8").splitlines():
        entry = json.loads(line)
        data = (realdata / "regulations" / entry["file"]).read_bytes()
        cut = segment(read(data, entry["file"]).blocks)
        number = articles(cut.provisions)
        found += min(number, entry["articles"])
        wanted += entry["articles"]
        if number != entry["articles"]:
            wrong.append(f"{entry['file']}: {number} of {entry['articles']}")
        raw = re.sub(r"<!--.*?-->", "", re.sub(r"(?m)^#+\s+", "", decode(data)))
        whole += "".join(p.text for p in cut.provisions) == cut.text and squeezed(cut.text) == squeezed(raw)
        files += 1
    return found, wanted, whole, files, wrong


def work_report_headings(realdata: Path) -> tuple[int, int, list[str]]:
    """Heading lines of the raw reports (一、 and （一）), how many open a provision of that label, and those missed."""
    found = wanted = 0
    missed: list[str] = []
    for file in sorted((realdata / "work-reports-2026").glob("*.txt")):
        cut = segment(read(file.read_bytes(), file.name).blocks)
        opened = [(p.text.lstrip()[:10], p.label) for p in cut.provisions]
        for line in decode(file.read_bytes()).splitlines():
            mark = _HEADING_LINE.match(line)
            if not mark:
                continue
            wanted += 1
            sign = mark.group(1).strip().strip("、（()）")
            hit = any(line.strip()[:8] == text[:8] and sign in label for text, label in opened)
            found += hit
            if not hit:
                missed.append(f"{file.name}: {line.strip()[:12]}")
    return found, wanted, missed


def _exact(
    rows: Iterable[tuple[str, str, str | None, str | None]],
) -> tuple[int, int, dict[str, list[int]], list[str]]:
    right, total = 0, 0
    by_field: dict[str, list[int]] = {}
    wrong: list[str] = []
    for file, name, got, want in rows:
        hits = by_field.setdefault(name, [0, 0])
        hits[1] += 1
        total += 1
        if got == want:
            right, hits[0] = right + 1, hits[0] + 1
        else:
            wrong.append(f"{file} {name}: {got!r}, wanted {want!r}")
    return right, total, by_field, wrong


def _line(what: str, who: str, value: str, aim: str = "", note: str = "") -> None:
    print(f"{what:<34}{who:<14}{value:<28}{aim:<8}{note}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    default = os.environ.get("KB_REALDATA") or PROJECT.parent / "shared" / "realdata"
    parser.add_argument("--realdata", type=Path, default=Path(default), help="folder of the real texts")
    parser.add_argument("--wrong", action="store_true", help="list everything that is not right")
    options = parser.parse_args()
    if not options.realdata.is_dir():
        parser.exit(2, f"the real texts are not at {options.realdata}; name their folder with --realdata\n")
    print_table(options.realdata, options.wrong)


def print_table(realdata: Path, show_wrong: bool = False) -> None:
    """Measure everything under ``realdata`` and print one line a measure."""
    _line("what", "who", "result", "aim", "")
    faults: list[str] = []
    references = list(reference_bodies(realdata))
    for name, (precision, recall, f1), spent, wrong in bodies(references):
        value = f"P {precision:.4f} R {recall:.4f} F1 {f1:.4f}"
        exact = f"{len(references) - len(wrong)}/{len(references)} whole, {spent:.0f} ms a page"
        _line(f"body of {len(references)} pages", name, value, f"{AIMS['body F1']}", exact)
        faults += [f"body: {file}" for file in wrong] if name == "ours" else []
    for what, rows in (
        ("fields, gov.cn pages", gov_cn_fields(realdata)),
        ("fields, gov.cn, from text alone", text_only_fields(realdata)),
        ("fields, Guangzhou pages", guangzhou_fields(realdata)),
        ("fields, plain full texts", full_text_fields(realdata)),
    ):
        right, total, by_field, wrong = _exact(rows)
        note = " ".join(f"{name} {hits[0]}/{hits[1]}" for name, hits in by_field.items())
        _line(what, "ours", f"{right}/{total} = {right / total:.4f}", f"{AIMS['metadata']}", note)
        faults += wrong
    found, wanted, whole, files, wrong = regulations(realdata)
    _line(
        "articles of regulations",
        "ours",
        f"{found}/{wanted} = {found / wanted:.4f}",
        f"{AIMS['articles']}",
        f"{len(wrong)} files differ",
    )
    _line("regulations given back whole", "ours", f"{whole}/{files} = {whole / files:.4f}", f"{AIMS['lossless']}")
    headings, lines, missed = work_report_headings(realdata)
    _line("headings of work reports", "ours", f"{headings}/{lines} = {headings / lines:.4f}")
    if show_wrong:
        print("\n" + "\n".join([*faults, *wrong, *missed]))


if __name__ == "__main__":
    main()
