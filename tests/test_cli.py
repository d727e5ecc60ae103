"""The command line as a user meets it: JSON contract, Chinese messages, exit codes, nothing lost on bad input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kb.cli import ingest, main
from kb.knowledge import KnowledgeBase

PLAN = "cq-2024-action-plan"
TEXT = """重庆市某某区未来产业发展实施方案

一、总体要求
到2027年，建成2个区级未来产业先导区。

二、重点任务
（一）设立区级未来产业种子基金，规模5亿元，投早投小投硬科技。
（二）发布区级应用场景清单，每季度更新一次。
"""


@pytest.fixture(scope="module")
def home(shipped: KnowledgeBase) -> str:
    return str(shipped.home)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0
    return json.loads(out)


def test_list_shows_what_is_held(capsys: pytest.CaptureFixture[str], home: str) -> None:
    documents = as_json(capsys, "list", "--kb", home)["documents"]
    plan = next(d for d in documents if d["id"] == PLAN)
    assert plan["doc_number"] == "渝府办发〔2024〕75号"
    assert plan["coverage"] == "partial"
    assert plan["provisions"] > 10
    code, text, _ = run(capsys, "list", "--kb", home, "--region", "重庆市")
    assert code == 0
    assert "渝府办发〔2024〕75号" in text
    assert "安徽省" not in text


def test_search_says_where_and_why(capsys: pytest.CaptureFixture[str], home: str) -> None:
    found = as_json(capsys, "search", "未来产业先导区", "--kb", home, "-k", "5", "--region", "重庆")
    assert found["mode"] == "hybrid"
    assert [r["rank"] for r in found["results"]] == [1, 2, 3, 4, 5]
    first = found["results"][0]
    assert first["document"]["region"] == "重庆"
    assert "先导区" in first["why"]["terms"]
    assert first["why"]["lexical_rank"]
    assert first["source"].startswith("http")


def test_show_gives_the_provisions_in_order(capsys: pytest.CaptureFixture[str], home: str) -> None:
    shown = as_json(capsys, "show", PLAN, "--kb", home)
    starts = [p["span"][0] for p in shown["provisions"]]
    assert starts == sorted(starts)
    assert any(p["codes"] for p in shown["provisions"])


def test_compare_follows_the_contract(capsys: pytest.CaptureFixture[str], home: str) -> None:
    table = as_json(capsys, "compare", "--kb", home, "--as-of", "2025-07-11")
    assert table["baseline"] == "重庆"
    assert table["as_of"] == "2025-07-11"
    assert {"measure", "region", "strength", "coverage", "evidence"} <= set(table["cells"][0])
    finding = next(f for f in table["findings"] if f["measure"] == "special_fund")
    assert finding["kind"] == "gap"
    assert finding["evidence"]["peers"][0]["text"]
    assert {"indicator", "region", "year", "value", "low", "high", "unit", "qualifier", "provision"} <= set(
        table["targets"][0]
    )
    assert any("重庆" in s["regions"] for s in table["sectors"])
    assert all(set(s["counts"]) == set(s["regions"]) and min(s["counts"].values()) > 0 for s in table["sectors"])
    assert {remark for s in table["sectors"] for remark in s["remarks"].values()} >= {"非专门文件", "规划期已满"}


def test_a_search_for_what_the_library_does_not_speak_of_says_so(
    capsys: pytest.CaptureFixture[str], home: str
) -> None:
    _, told, _ = run(capsys, "search", "火星殖民地补贴标准", "--kb", home, "--mode", "lexical")
    assert "文库中没有出现“火星”“殖民地”" in told
    _, told, _ = run(capsys, "search", "先导区评价", "--kb", home, "--mode", "词语")
    assert "没有出现" not in told


def test_compare_with_chosen_peers_counts_them(capsys: pytest.CaptureFixture[str], home: str) -> None:
    table = as_json(capsys, "compare", "--kb", home, "--peers", "成都，南通")
    assert [r["region"] for r in table["regions"]] == ["重庆", "成都", "南通"]
    assert all(r["counted"] for r in table["regions"])


def test_a_title_with_commas_in_it_can_be_a_peer_in_title_marks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home, file = str(tmp_path / "kb"), tmp_path / "措施.txt"
    run(capsys, "build", "--kb", home)
    file.write_text("关于支持数据、算力和未来产业发展的若干措施\n一、设立5亿元未来产业基金。\n", "utf8")
    run(capsys, "add", str(file), "--kb", home, "--region", "贵州")
    table = as_json(
        capsys, "compare", "--kb", home, "--peers", "安徽、《关于支持数据、算力和未来产业发展的若干措施》"
    )
    assert [len(r["documents"]) for r in table["regions"]][2:] == [1] and len(table["regions"]) == 3


def test_a_number_that_nobody_bears_is_told_to_programs_too(capsys: pytest.CaptureFixture[str], home: str) -> None:
    code, out, err = run(capsys, "search", "渝府发〔2099〕9号", "--kb", home, "--json")
    assert code == 0 and json.loads(out)["results"] and "〔2099〕9号" in err


def test_reasons_are_given_for_just_the_measures_found(
    capsys: pytest.CaptureFixture[str], home: str, tmp_path: Path
) -> None:
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(("设立50亿元未来产业基金。", "天气很好。"))]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), "utf8")
    code, out, _ = run(capsys, "label", str(tmp_path / "texts.jsonl"), "--why", "--kb", home)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and [row["id"] for row in rows] == [0, 1]
    assert (
        all({"sentence", "words", "floor"} <= m.keys() for row in rows for m in row["measures"])
        and rows[0]["measures"]
    )


def test_a_folder_without_files_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    for verb in ("add", "read"):
        code, out, err = run(capsys, verb, str(tmp_path / "空"), "--kb", str(tmp_path / "kb"))
        assert code == 1 and "里没有文件" in out + err


@pytest.mark.parametrize("words", [["correct", "²", "special_fund", "1"], ["correct", "9" * 23, "special_fund", "1"]])
def test_a_number_that_cannot_be_one_is_told(capsys: pytest.CaptureFixture[str], home: str, words: list[str]) -> None:
    code, _, err = run(capsys, *words, "--kb", home)
    assert code == 2 and "条款编号" in err


def test_one_document_can_be_the_baseline(capsys: pytest.CaptureFixture[str], home: str) -> None:
    table = as_json(capsys, "compare", "--kb", home, "--baseline", PLAN, "--peers", "安徽")
    assert table["regions"][0]["documents"] == [PLAN]


def test_label_reads_json_lines(
    capsys: pytest.CaptureFixture[str], home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"id": "u1", "text": "设立50亿元未来产业天使基金，投早投小投硬科技。"}, ensure_ascii=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))
    code, out, _ = run(capsys, "label", "--kb", home, "--json")
    assert code == 0
    row = json.loads(out)
    assert row["id"] == "u1"
    assert {"special_fund", "patient_capital"} <= {m["id"] for m in row["measures"]}
    assert {"id": "special_fund", "name": "未来产业专项基金", "strength": 3, "strength_zh": "承诺"}.items() <= next(
        m.items() for m in row["measures"] if m["id"] == "special_fund"
    )


def test_a_text_file_is_added_found_and_removed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home, file = str(tmp_path / "kb"), tmp_path / "方案.txt"
    file.write_text(TEXT, "utf8")
    added = as_json(capsys, "add", str(file), "--kb", home, "--region", "重庆")["inputs"][0]
    assert added["outcome"] == "added"
    assert added["document"]["title"] == "重庆市某某区未来产业发展实施方案"
    found = as_json(capsys, "search", "种子基金 投早投小", "--kb", home)["results"]
    assert "种子基金" in found[0]["text"]
    assert as_json(capsys, "add", str(file), "--kb", home, "--region", "重庆")["inputs"][0]["outcome"] == "unchanged"
    assert as_json(capsys, "remove", added["document"]["id"], "--kb", home)["removed"]
    assert as_json(capsys, "list", "--kb", home)["documents"] == []
    assert as_json(capsys, "check", "--kb", home)["problems"] == []


def test_a_changed_file_replaces_its_old_version(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home, file = str(tmp_path / "kb"), tmp_path / "方案.txt"
    file.write_text(TEXT, "utf8")
    first = as_json(capsys, "add", str(file), "--kb", home, "--region", "重庆")["inputs"][0]
    file.write_text(TEXT.replace("5亿元", "8亿元"), "utf8")
    second = as_json(capsys, "add", str(file), "--kb", home, "--region", "重庆")["inputs"][0]
    assert second["outcome"] == "replaced"
    assert second["document"]["id"] == first["document"]["id"]
    assert as_json(capsys, "search", "5亿元", "--mode", "exact", "--kb", home)["results"] == []
    assert as_json(capsys, "search", "8亿元", "--mode", "exact", "--kb", home)["results"]


def test_one_bad_input_is_named_and_the_rest_is_done(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home, good, empty = str(tmp_path / "kb"), tmp_path / "好.txt", tmp_path / "空.txt"
    good.write_text(TEXT, "utf8")
    empty.write_bytes(b"")
    code, out, _ = run(
        capsys, "add", str(tmp_path / "没有.pdf"), str(empty), str(good), "--kb", home, "--region", "重庆"
    )
    assert code == 1
    assert "找不到文件" in out
    assert "空.txt" in out
    assert "已添加" in out
    assert len(as_json(capsys, "list", "--kb", home)["documents"]) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("search", "基金", "--region", "火星"), "没有名为“火星”的地区"),
        (("search", " "), "请输入"),
        (("search", "基金", "--since", "去年"), "日期"),
        (("search", "基金", "--since", "2026", "--until", "2024"), "晚于截止日期"),
        (("search", "基金", "--level", "省"), "可选：国家级、省级"),
        (("compare", "--peers", "，"), "没有写明任何地区"),
        (("compare", "--baseline", "火星"), "没有名为“火星”的地区"),
        (("compare", "--as-of", "2025年7月"), "日期"),
        (("compare", "--peers", "重庆"), "只有基准“重庆”自己"),
        (("report", "结果.md", "--peers", "重庆，重庆市"), "只有基准“重庆”自己"),
        (("show", "没有这份"), "没有编号"),
        (("report", "结果.pages"), "docx"),
    ],
)
def test_a_mistake_gets_one_chinese_sentence(
    capsys: pytest.CaptureFixture[str], home: str, words: tuple[str, ...], complaint: str
) -> None:
    code, out, err = run(capsys, *words, "--kb", home)
    assert code == 2
    assert out == ""
    assert complaint in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("search", "基金", "--nonsense"), "不认识的参数：--nonsense"),
        (("fly",), "没有命令“fly”，可用：model、build"),
        (("add",), "缺少参数：文件|网址|文件夹"),
        (("search", "x", "-k", "多"), "-k 要填整数，不能是“多”"),
        (("search", "x", "--mode", "快"), "--mode 不能是“快”，可用：hybrid、dense"),
        (("search", "x", "--since"), "--since 后面要有一个值"),
        (("ui", "--port", "99999"), "“99999”不是端口号"),
    ],
)
def test_a_command_not_understood_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(list(words))
    assert leaving.value.code == 2
    err = capsys.readouterr().err
    assert "命令有误" in err and complaint in err
    assert "--help" in err
    assert "argument" not in err and "'" not in err


def test_an_option_cut_short_is_not_taken_for_another(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["search", "基金", "--k", "5"])
    assert stop.value.code == 2 and "--k" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_ingest_has_the_ingest_verbs_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ingest(["compare"])
    assert "命令有误" in capsys.readouterr().err


def test_an_empty_library_says_how_to_fill_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "search", "基金", "--kb", str(tmp_path / "kb"))
    assert code == 2
    assert "build" in err


def test_a_foreign_file_in_place_of_the_library_is_not_touched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"something else" * 100)
    code, _, err = run(capsys, "list", "--kb", str(tmp_path))
    assert code == 2
    assert "损坏" in err
    assert (tmp_path / "library.sqlite").read_bytes() == b"something else" * 100


def test_reading_verbs_make_no_knowledge_base_where_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in (["compare"], ["search", "量子"], ["check"], ["report", str(tmp_path / "a.md")], ["list"], ["correct"],
                 ["remove", "x"]):  # fmt: skip
        assert main([*verb, "--kb", str(tmp_path / "none")]) != 0
        assert "还没有知识库" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
