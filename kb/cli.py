"""The command line: ``python -m kb COMMAND`` (all verbs) and ``ingest.py`` (those that fill the library).

Speaks Chinese to people; with ``--json`` prints exactly one JSON document on stdout (``read`` and ``label``: one
line an input) and keeps progress and warnings on stderr. Exit 0: done; 1: some inputs failed, each named, the
rest done; 2: the command was not understood or could not run.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kb.context import place
from kb.errors import KbError
from kb.options import (
    GIVEN,
    USAGE,
    Parser,
    add_options,
    compare_options,
    correct_options,
    ids,
    label_options,
    list_options,
    one_id,
    pull_options,
    report_options,
    search_options,
    ui_options,
)  # fmt: skip

DONE, SOME_FAILED = 0, 1
INGEST_VERBS = ("build", "pull", "add", "read", "list", "show", "remove", "check")


def main(
    arguments: Sequence[str] | None = None, verbs: Sequence[str] | None = None, program: str = "python -m kb"
) -> int:
    """Run one command and return its exit code; ``verbs`` limits which commands there are."""
    options = _parser(program, verbs).parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("kb").setLevel(logging.INFO)
    try:
        return int(options.run(options))
    except KbError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except PermissionError as error:
        sys.stderr.write(f"没有权限读写 {error.filename}。请检查这个文件和所在文件夹的权限，或用 --kb 换一个目录。\n")
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("已中断；已完成的部分都已保存，再次运行即可继续。\n")
        return SOME_FAILED
    except BrokenPipeError:
        return DONE


def ingest(arguments: Sequence[str] | None = None) -> int:
    """``ingest.py``: the same program with its ingest verbs only."""
    return main(arguments, INGEST_VERBS, "python ingest.py")


def _parser(program: str, verbs: Sequence[str] | None) -> Parser:
    parser = Parser(prog=program, description="区域政策比较知识库", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=Parser)
    for name, (run, text, fill) in _commands().items():
        if verbs is None or name in verbs:
            # no abbreviations: --k 5 would name a library's folder
            command = commands.add_parser(name, help=text, description=text, add_help=False, allow_abbrev=False)
            command.add_argument("-h", "--help", action="help", help="显示本说明")
            command.add_argument(
                "--kb", metavar="目录", type=Path, help="知识库所在目录（默认 data/，也可用环境变量 KB_HOME）"
            )
            command.add_argument("--json", action="store_true", help="输出 JSON")
            fill(command)
            command.set_defaults(run=run)
    return parser


def _commands() -> dict[str, tuple[Callable[..., int], str, Callable[[Parser], None]]]:
    return {
        "model": (_model, "取得并编译默认模型", lambda p: None),
        "build": (_build, "由语料建立知识库与索引（可中断、可续）", lambda p: None),
        "pull": (_pull, "从官方网站抓取登记的政策原文", pull_options),
        "add": (_add, "添加文件、网址或文件夹", add_options),
        "read": (_read, "试读文件或网址，不入库", add_options),
        "list": (_list, "列出文库中的政策文件", list_options),
        "show": (_show, "显示一份文件及其条款", one_id),
        "remove": (_remove, "从文库移除文件", ids),
        "search": (_search, "检索条款", search_options),
        "label": (_label, "识别文本所规定的举措（JSONL：id、text）", label_options),
        "compare": (_compare, "比较各地政策，找出差距", compare_options),
        "correct": (
            _correct,
            "修订条款的编码或 PMC 变量（用户修订），可撤销；不带参数时列出全部修订",
            correct_options,
        ),
        "report": (_report, "把比较结果写成报告（.docx .xlsx .md .csv）", report_options),
        "check": (_check, "核对文库、向量、索引与原件是否一致", lambda p: None),
        "ui": (_ui, "启动网页", ui_options),
    }


# -- commands -----------------------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> Any:
    import kb

    return kb.open(options.kb)


def _existing(options: argparse.Namespace) -> Any:
    """The knowledge base that is there; none is made.

    Raises:
        KbError: there is none.
    """
    from kb.knowledge import LIBRARY
    from kb.settings import settings

    home = Path(options.kb).expanduser() if options.kb else settings().home
    if not (home / LIBRARY).exists():
        raise KbError(f"{home} 中还没有知识库。请先运行 python ingest.py build，或用 --kb 指明知识库所在的目录。")
    return _open(options)


def _progress(done: int, total: int, what: str) -> None:
    end = "\n" if done >= total or not sys.stderr.isatty() else "\r"
    if done >= total or sys.stderr.isatty():
        sys.stderr.write(f"{what} {done}/{total}{end}")
        sys.stderr.flush()


def _emit(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _model(options: argparse.Namespace) -> int:
    from kb.compare.tuned import TunedReader, tuned_name
    from kb.e5 import NAME
    from kb.encode import load_encoder
    from kb.settings import settings

    chosen = settings()
    encoder = load_encoder(chosen.model, chosen.cache)
    if encoder.name == NAME and tuned_name(chosen.corpus):
        TunedReader(chosen.corpus, chosen.cache)
    if options.json:
        _emit({"model": encoder.name, "dimension": encoder.dimension})
    else:
        print(f"模型已就绪：{encoder.name}（{encoder.dimension} 维）。")
    return DONE


def _build(options: argparse.Namespace) -> int:
    base = _open(options)
    counts = base.build(_progress)
    base.close()
    if options.json:
        _emit(counts)
    else:
        print("知识库已就绪：{documents} 份文件，{provisions} 条。本次新增 {added}，更新 {replaced}，"
              "未变 {unchanged}，移除 {removed}。".format(**counts))  # fmt: skip
    return DONE


def _add(options: argparse.Namespace) -> int:
    from kb.inputs import add_inputs
    from kb.plain import inputs_told

    base = _open(options)
    rows = list(add_inputs(base, options.inputs, _given(options), _progress))
    base.close()
    if options.json:
        _emit({"inputs": rows})
    else:
        print(inputs_told(rows))
    return SOME_FAILED if any("error" in row for row in rows) else DONE


def _given(options: argparse.Namespace) -> dict[str, str]:
    from kb.draft import checked_fields

    return checked_fields({name: getattr(options, name) for name in (*(name for _, name, _ in GIVEN), "coverage")})


def _read(options: argparse.Namespace) -> int:
    from kb.inputs import read_inputs
    from kb.plain import draft_outline

    failed = False
    for row, drafts in read_inputs(options.inputs, _given(options)):
        failed |= "error" in row
        if options.json:
            print(json.dumps(row, ensure_ascii=False))
        elif "error" in row:
            print(row["error"])
        else:
            for draft in drafts:
                print(draft_outline(draft))
    return SOME_FAILED if failed else DONE


def _list(options: argparse.Namespace) -> int:
    from kb.compare.force import status_on, today
    from kb.model import COVERAGE_ZH
    from kb.plain import document_row
    from kb.regions import region_named

    base = _existing(options)
    wanted = {region_named(r).name for r in options.region}
    counts = base.library.counts()
    documents = [d for d in base.documents() if not wanted or d.region in wanted]
    if options.json:
        _emit({"documents": [{**document_row(d), "provisions": counts.get(d.id, 0)} for d in documents]})
        return DONE
    for d in documents:
        date = d.issued or (f"发布 {d.published}" if d.published else "日期未详")
        number = d.doc_number or "无文号"
        held = COVERAGE_ZH[d.coverage] + ("" if (status := status_on(d, today())) == "现行" else f"（{status}）")
        cells = (d.id, d.region or "地区未定", d.title, number, date, held)
        print("\t".join((*cells, f"{counts.get(d.id, 0)} 条")))
    print(f"共 {len(documents)} 份。")
    return DONE


def _show(options: argparse.Namespace) -> int:
    from kb.plain import codes_told, document_row, provision_row

    base = _existing(options)
    document, held = base.document(options.id)
    if options.json:
        _emit({"document": document_row(document), "provisions": [provision_row(h) for h in held]})
        return DONE
    print(document.citation)
    for h in held:
        print(f"{h.id}　[{' '.join(place(h.provision))}] {h.provision.text.strip()}")
        if h.codes:
            print(f"　　{codes_told(h.codes, base.corpus.folder)}")
    return DONE


def _remove(options: argparse.Namespace) -> int:
    base = _existing(options)
    removed, failed = [], []
    for document_id in options.ids:
        try:
            removed.append(base.remove(document_id))
        except KbError as error:
            failed.append(str(error))
    base.close()
    if options.json:
        _emit({"removed": [d.id for d in removed], "errors": failed})
    else:
        print("\n".join([*(f"已移除：{d.title}" for d in removed), *failed]))
    return SOME_FAILED if failed else DONE


def _search(options: argparse.Namespace) -> int:
    from kb.plain import cautions, hit_row, hits_told
    from kb.search import checked_filters

    filters = checked_filters(options.region, options.level, options.instrument, options.since, options.until)
    base = _existing(options)
    hits = base.search(options.query, options.mode, filters, options.k, options.rerank)
    groups = hits.by_document() if options.together else [hits]
    if options.json:
        rows = [hit_row(h) for group in groups for h in group]
        _emit({"query": options.query, "mode": options.mode, "results": rows})
    if unheld := cautions(base, options.query, bool(hits)):
        print(unheld, file=sys.stderr if options.json else sys.stdout)
    if not options.json:
        print(hits_told(groups))
    return DONE


def _label(options: argparse.Namespace) -> int:
    from kb.plain import label_rows

    failed = False
    with ExitStack() as opened:
        try:
            source: Iterable[str | bytes] = (
                opened.enter_context(options.file.open("rb")) if options.file else _stdin()
            )
        except OSError as error:
            raise KbError(f"读不了 {options.file}：请给出一个 UTF-8 编码的 JSONL 文件。") from error
        for row in label_rows(_open(options), source, options.why):
            failed |= "error" in row
            if "error" in row:
                print(row["error"], file=sys.stderr)
            else:
                print(json.dumps(row, ensure_ascii=False), flush=True)
    return SOME_FAILED if failed else DONE


def _stdin() -> Iterable[str | bytes]:
    """Standard input line by line, undecoded where it can be, so that a line of another encoding spoils no other."""
    return getattr(sys.stdin, "buffer", sys.stdin)


def _compare(options: argparse.Namespace) -> int:
    from kb.compare.result import BASIS_ZH, KIND_ZH, how_many
    from kb.plain import comparison_row

    result = _existing(options).compare(options.baseline, _peers(options), options.as_of)
    if options.json:
        _emit(comparison_row(result))
        return DONE
    print(f"以{result.baseline}为基准，{result.as_of}，{how_many(result.peers, '对照')}。")
    if unheld := [c.region for c in result.columns if c.coverage == "none"]:
        print(f"{'、'.join(unheld)}：文库中没有现行文件，不计入对照。")
    for finding in result.findings:
        print(f"【{KIND_ZH[finding.kind]}】{finding.sentence}（{BASIS_ZH[finding.basis]}，把握{finding.confidence}）")
    return DONE


def _correct(options: argparse.Namespace) -> int:
    from kb.plain import revision_row, revision_told

    base = _existing(options)
    if options.undo is not None:
        made = [base.take_back(options.undo)]
    elif options.what:
        made = [_corrected(base, options)]
    else:
        made = base.library.revisions()
    told = [revision_told(r, base.library) for r in made]
    base.close()
    if options.json:
        _emit({"revisions": [revision_row(r) for r in made]})
        return DONE
    print("\n".join(f"已撤销：{t}" if options.undo is not None else t for t in told) or "还没有用户修订。")
    return DONE


def _corrected(base: Any, options: argparse.Namespace) -> Any:
    from kb.model import STRENGTH_ZH

    if len(options.what) != 3:
        raise KbError("请写成：correct 条款编号 举措 力度，例如 correct 12 special_fund 3；力度 0 表示取消这项编码。")
    subject, item, value = options.what
    levels = {**{str(s): s for s in STRENGTH_ZH}, **{name: s for s, name in STRENGTH_ZH.items()}}
    if value not in levels:
        raise KbError(f"“{value}”不是力度。可用：{'、'.join(f'{s}（{n}）' for s, n in STRENGTH_ZH.items())}。")
    if options.pmc:
        return base.correct_score(subject, item, levels[value], options.who or "")
    if not (subject.isascii() and subject.isdigit() and len(subject) < 19):
        raise KbError("条款编号是一个整数，可用 python -m kb show 文件编号 查看。")
    return base.correct(int(subject), item, levels[value], options.who or "")


def _peers(options: argparse.Namespace) -> list[str]:
    # a title in 《》 stays whole, whatever signs it holds
    names = [p.strip() for p in re.findall(r"(?:《[^》]*》|[^,，、])+", options.peers) if p.strip()]
    if options.peers and not names:
        raise KbError("--peers 没有写明任何地区或文件；要与全部地区对照，请不带这个选项。")
    return names


def _report(options: argparse.Namespace) -> int:
    from kb.report import write_report

    base = _existing(options)
    path = write_report(
        base.compare(options.baseline, _peers(options), options.as_of), options.out, base.corpus.folder
    )
    if options.json:
        _emit({"path": str(path)})
    else:
        print(f"报告已写入 {path}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from kb.check import problems

    found = problems(_existing(options))
    if options.json:
        _emit({"problems": found})
    else:
        print("\n".join(found) if found else "文库、向量、索引与原件一致。")
    return SOME_FAILED if found else DONE


def _pull(options: argparse.Namespace) -> int:
    from kb.inputs import discover_region, pull_inputs

    if options.discover:
        rows = discover_region(options.discover, options.topic)
    else:
        base = _open(options)
        rows = list(pull_inputs(base, options.region, options.ids, _progress))
        base.close()
    if options.json:
        _emit({"sources": rows})
    else:
        print("\n".join(row["told"] for row in rows) or "没有要抓取的文件。")
    return SOME_FAILED if any(row["status"] not in ("ok", "unchanged") for row in rows) else DONE


def _ui(options: argparse.Namespace) -> int:
    from kb.web import serve

    serve(_open(options), options.host, options.port, options.password)
    return DONE
