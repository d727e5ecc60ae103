"""A changed frame: the library is coded again from what it holds, and nobody else's codes are touched."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

import kb
from kb.cli import main
from kb.compare.head import load_head
from kb.compare.recognise import Encode, Recogniser
from kb.errors import KbError
from kb.knowledge import KnowledgeBase
from kb.settings import CORPUS
from tests.samples import FUND, SCENE, corpus_of, draft

OWN = {
    "id": "robot_tax",
    "name": "机器人保险补偿",
    "tool": "environment",
    "is": "对机器人应用给予保险补偿",
    "not": "一般保险",
}
LINE = "对机器人应用责任险给予保费补偿。"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    corpus = corpus_of(tmp_path / "corpus", 3)
    made = KnowledgeBase(tmp_path / "kb", "fake", corpus)
    made.build()
    made.add([draft("user-plan", [FUND, SCENE, LINE])])
    yield made
    made.close()


def codes(base: KnowledgeBase, document_id: str) -> dict[str, set[tuple[str, str]]]:
    """The measures of each provision of a document, and whose codes they are."""
    return {
        h.provision.text: {(c.measure, c.origin) for c in h.codes} for h in base.document(document_id)[1] if h.codes
    }


def add_measure(corpus: Path) -> None:
    """What a user does: one line in the frame, one entry in the lexicon."""
    frame = yaml.safe_load((corpus / "frame.yaml").read_text("utf8"))
    frame["dimensions"][0]["measures"].append(OWN)
    (corpus / "frame.yaml").write_text(yaml.safe_dump(frame, allow_unicode=True), "utf8")
    lexicon = yaml.safe_load((corpus / "lexicon" / "measures.yaml").read_text("utf8"))
    lexicon["measures"][OWN["id"]] = {"cues": ["(责任险|保险)…补偿"], "examples": ["给机器人投保的，补贴保费。"]}
    (corpus / "lexicon" / "measures.yaml").write_text(yaml.safe_dump(lexicon, allow_unicode=True), "utf8")


def test_a_measure_the_user_adds_is_found_in_what_is_held_already(base: KnowledgeBase) -> None:
    before = codes(base, "user-plan")
    add_measure(base.corpus.folder)
    assert base.build()["recoded"] == 4
    after = codes(base, "user-plan")
    assert ("robot_tax", "auto") in after[LINE]
    assert {text: found - {("robot_tax", "auto")} for text, found in after.items()} == {
        **before,
        LINE: before.get(LINE, set()),
    }


def test_a_measure_of_the_users_own_is_explained_by_the_users_examples(base: KnowledgeBase) -> None:
    add_measure(base.corpus.folder)
    head = load_head(base.corpus.folder)
    assert head is not None
    size = head.vector.examples.shape[1]
    encode = lambda texts: np.ones((len(texts), size), np.float32)  # noqa: E731
    recogniser = Recogniser.load(base.corpus.folder, encode, head.vector.model)
    reasons = {e.measure: e for e in recogniser.explain(LINE, encode([LINE]))}
    assert reasons["robot_tax"].examples == ("给机器人投保的，补贴保费。",)


def test_what_is_held_is_explained_as_it_was_coded(base: KnowledgeBase) -> None:
    for held in base.document("user-plan")[1]:
        told = [(e.measure, e.strength, e.score) for e in base.explain_held(held.id)]
        assert told == [(c.measure, c.strength, c.score) for c in held.codes]
    with pytest.raises(KbError, match="没有编号为"):
        base.explain_held(10**9)


def test_codes_are_made_again_only_when_something_changed(base: KnowledgeBase) -> None:
    base.build()
    assert base.build()["recoded"] == 0
    generation = base.library.generation()
    assert base.recode() == 0
    assert base.library.generation() == generation


def test_the_editors_codes_and_the_users_corrections_stay(base: KnowledgeBase) -> None:
    editors = {d.id: codes(base, d.id) for d in base.documents() if d.origin == "corpus"}
    assert any(editors.values())
    number = next(h.id for h in base.document("user-plan")[1] if h.provision.text == SCENE)
    base.correct(number, "scenario_list", 0, "某人")
    base.correct(number, "events", 2, "某人")
    add_measure(base.corpus.folder)
    base.build()
    assert {d.id: codes(base, d.id) for d in base.documents() if d.origin == "corpus"} == editors
    found = codes(base, "user-plan")[SCENE]
    assert ("events", "user") in found
    assert not any(measure == "scenario_list" for measure, _ in found)


def test_after_recoding_the_same_file_is_still_known_as_unchanged(base: KnowledgeBase) -> None:
    add_measure(base.corpus.folder)
    base.build()
    assert base.add([draft("user-plan", [FUND, SCENE, LINE])])[0].outcome == "unchanged"


def test_a_page_left_open_codes_by_the_lexicon_another_process_built_with(base: KnowledgeBase) -> None:
    page = KnowledgeBase(base.home, "fake", base.corpus.folder)
    assert not any(c.measure == "robot_tax" for c in page.label([LINE])[0])
    add_measure(base.corpus.folder)
    base.build()
    page.add([draft("added-in-the-page", [SCENE, LINE])])
    page.close()
    assert ("robot_tax", "auto") in codes(base, "added-in-the-page")[LINE]
    assert base.build()["recoded"] == 0


def test_the_recogniser_is_made_once_while_nothing_changes(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str | None] = []
    load = Recogniser.load

    def counted(corpus: Path, encode: Encode | None = None, model: str | None = None) -> Recogniser:
        made.append(model)
        return load(corpus, encode, model)

    monkeypatch.setattr(Recogniser, "load", counted)
    base.add([draft("another-plan", [FUND, SCENE, LINE])])
    base.label([FUND])
    assert made == []
    (base.corpus.folder / "recogniser" / "head.npz").unlink()
    (base.corpus.folder / "recogniser" / "tuned.npz").unlink()
    base.add([draft("one-more-plan", [FUND, SCENE, LINE])])
    assert made == ["fake"]


RULES = {
    "coding.py": ("工作回顾|", ""),
    "encoding.py": ("provision.kind not in FRAMING and ", ""),
    "words.py": ("folded.lower()", "folded.upper()"),
    "context.py": ('"""', '"""Otherwise. '),
    "fold.py": ("text.translate(_TABLE)", "text"),
    "compare/cues.py": ("LONG, STRETCH = 340, 150", "LONG, STRETCH = 500, 200"),
}


@pytest.mark.parametrize("module", RULES)
def test_texts_are_coded_anew_when_a_rule_of_what_is_coded_changes(tmp_path: Path, module: str) -> None:
    source = Path(kb.__file__).parent
    shutil.copytree(source, tmp_path / "kb", ignore=shutil.ignore_patterns("__pycache__"))

    def mark() -> str:
        asked = f"from kb.compare.recognise import fingerprint; from pathlib import Path; print(fingerprint(Path({str(CORPUS)!r}), 'fake'))"
        run = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
        return run.stdout

    before = mark()
    file = tmp_path / "kb" / module
    text = file.read_text("utf8")
    assert RULES[module][0] in text
    file.write_text(text.replace(*RULES[module], 1), "utf8")
    assert mark() != before


def test_a_comparison_made_before_is_made_again_after_recoding(base: KnowledgeBase) -> None:
    base.compare("重庆")
    add_measure(base.corpus.folder)
    base.build()
    assert any(c.measure == "robot_tax" and c.strength for c in base.compare("重庆").cells)


def test_label_does_the_good_lines_and_names_the_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        b'\xef\xbb\xbf{"id": 7, "text": "' + FUND.encode() + b'"}', b"", b"not json", b'{"id": "empty", "text": ""}',
        b'{"id": "no text"}', '{"id": "gbk", "text": "基金"}'.encode("gbk"), b'{"id": "x", "text": "\\ud800"}', b"[1]",
        b'{"id": "last", "text": "' + SCENE.encode() + b'"}',
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines))))
    assert main(["label", "--kb", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["id"] for row in rows] == [7, "empty", "last"]
    assert rows[1]["measures"] == []
    assert {"id", "name", "strength", "strength_zh", "score"} == set(rows[0]["measures"][0])
    assert all(f"第 {number} 行" in err for number in (3, 5, 6, 7, 8))


def test_label_says_why_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"id": 1, "text": f"坚持创新驱动。{FUND}"}, ensure_ascii=False), "utf8")
    assert main(["label", str(file), "--why", "--kb", str(tmp_path)]) == 0
    reasons = {m["id"]: m for m in json.loads(capsys.readouterr().out)["measures"]}
    assert reasons["patient_capital"]["sentence"] == FUND
    assert "投早" in reasons["patient_capital"]["words"]
    assert reasons["patient_capital"]["score"] >= reasons["patient_capital"]["floor"] > 0


def test_label_names_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(tmp_path / "无.jsonl"), "--kb", str(tmp_path)]) != 0
    assert "读不了" in capsys.readouterr().err
