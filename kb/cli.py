"""The command line: ``python -m kb COMMAND`` (all verbs) and ``ingest.py`` (those that fill the library).

Speaks Chinese to people; with ``--json`` prints exactly one JSON document on stdout (``read`` and ``label``: one
line an input) and keeps progress and warnings on stderr. Exit 0: done; 1: some inputs failed, each named, the
rest done; 2: the command was not understood or could not run.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from kb.errors import KbError

DONE, SOME_FAILED, USAGE = 0, 1, 2
INGEST_VERBS = ("build", "pull", "add", "read", "list", "show", "remove", "check")
GIVEN = (
    ("--region", "region", "地区"), ("--level", "level", "层级"), ("--title", "title", "标题"),
    ("--doc-number", "doc_number", "发文字号"), ("--issuer", "issuer", "发文机关"), ("--instrument", "instrument", "文种"),
    ("--issued", "issued", "成文日期，如 2024-09-27"), ("--effective", "effective", "施行日期"), ("--status", "status", "状态"),
)  # fmt: skip
# What argparse says of a mistake, in the user's language.
MISTAKES = (
    ("unrecognized arguments: ", "不认识的参数："), ("the following arguments are required: ", "缺少参数："),
    ("invalid choice: ", "不可用的取值："), ("choose from ", "可用的有 "), ("expected one argument", "后面要有一个值"),
    ("expected at least one argument", "后面至少要有一个值"), ("invalid int value: ", "不是整数："), ("argument ", "参数 "),
)  # fmt: skip


class Parser(argparse.ArgumentParser):
    """An argument parser that reports mistakes in Chinese."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and where help is, and leave with the usage code."""
        for english, chinese in MISTAKES:
            message = message.replace(english, chinese)
        self.exit(USAGE, f"命令有误：{message}。运行 {self.prog} --help 查看用法。\n")


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
    except KeyboardInterrupt:
        sys.stderr.write("已中断；已完成的部分都已保存，再次运行即可继续。\n")
        return SOME_FAILED
    except BrokenPipeError:
        return DONE


def ingest(arguments: Sequence[str] | None = None) -> int:
    """``ingest.py``: the same program with its ingest verbs only."""
    return main(arguments, INGEST_VERBS, "python ingest.py")


def _parser(program: str, verbs: Sequence[str] | None) -> Parser:
    parser = Parser(prog=program, description="区域政策比较知识库", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=Parser)
    for name, (run, text, fill) in _commands().items():
        if verbs is None or name in verbs:
            command = commands.add_parser(name, help=text, description=text, add_help=False)
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
        "pull": (_pull, "从官方网站抓取登记的政策原文", _pull_options),
        "add": (_add, "添加文件、网址或文件夹", _add_options),
        "read": (_read, "试读文件或网址，不入库", _add_options),
        "list": (_list, "列出文库中的政策文件", _list_options),
        "show": (_show, "显示一份文件及其条款", _one_id),
        "remove": (_remove, "从文库移除文件", _ids),
        "search": (_search, "检索条款", _search_options),
        "label": (_label, "识别文本所规定的举措（JSONL：id、text）", _label_options),
        "compare": (_compare, "比较各地政策，找出差距", _compare_options),
        "report": (_report, "把比较结果写成报告（.docx .xlsx .md .csv）", _report_options),
        "check": (_check, "核对文库、向量、索引与原件是否一致", lambda p: None),
        "ui": (_ui, "启动网页", _ui_options),
    }


# -- options ------------------------------------------------------------------------------------------------


def _add_options(parser: Parser) -> None:
    parser.add_argument("inputs", nargs="+", metavar="文件|网址|文件夹")
    for flag, name, text in GIVEN:
        parser.add_argument(flag, dest=name, help=text)
    parser.add_argument("--coverage", choices=("full", "partial"), help="full 全文，partial 节录或摘编")


def _pull_options(parser: Parser) -> None:
    parser.add_argument("--region", action="append", default=[], help="只抓取这个地区（可重复）")
    parser.add_argument("--id", action="append", default=[], dest="ids", help="只抓取这份文件（可重复）")
    parser.add_argument("--discover", metavar="地区", help="在该地区网站的列表页中查找新文件，只列出，不入库")
    parser.add_argument("--topic", default="未来产业", help="与 --discover 合用：标题中要有的词")


def _list_options(parser: Parser) -> None:
    parser.add_argument("--region", action="append", default=[], help="只列这个地区（可重复）")


def _one_id(parser: Parser) -> None:
    parser.add_argument("id", help="文件编号")


def _ids(parser: Parser) -> None:
    parser.add_argument("ids", nargs="+", metavar="编号")


def _search_options(parser: Parser) -> None:
    parser.add_argument("query", help="要检索的内容")
    parser.add_argument("--mode", choices=("hybrid", "dense", "lexical", "exact"), default="hybrid",
                        help="hybrid 综合，dense 语义，lexical 词语，exact 精确")  # fmt: skip
    for flag, text in (("--region", "地区"), ("--level", "层级"), ("--instrument", "文种")):
        parser.add_argument(flag, action="append", default=[], help=f"{text}（可重复）")
    parser.add_argument("--since", help="不早于，如 2024 或 2024-09-01")
    parser.add_argument("--until", help="不晚于")
    parser.add_argument("-k", type=int, default=10, help="返回条数（默认 10）")


def _label_options(parser: Parser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="JSONL 文件，默认读标准输入")


def _compare_options(parser: Parser) -> None:
    parser.add_argument("--baseline", default="重庆", help="基准：地区或文件编号（默认 重庆）")
    parser.add_argument("--peers", default="", help="对照地区或文件编号，用逗号分开（默认全部）")
    parser.add_argument("--as-of", dest="as_of", help="比较基准日，如 2025-07-11（默认今天）")


def _report_options(parser: Parser) -> None:
    parser.add_argument("out", type=Path, metavar="输出文件")
    _compare_options(parser)


def _ui_options(parser: Parser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认仅本机）")
    parser.add_argument("--port", type=int, default=7860, help="端口（默认 7860）")
    parser.add_argument("--password", help="对外提供服务时的登录密码（用户名 kb；也可用环境变量 KB_PASSWORD）")


# -- commands -----------------------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> Any:
    import kb

    return kb.open(options.kb)


def _progress(done: int, total: int, what: str) -> None:
    end = "\n" if done >= total or not sys.stderr.isatty() else "\r"
    if done >= total or sys.stderr.isatty():
        sys.stderr.write(f"{what} {done}/{total}{end}")
        sys.stderr.flush()


def _emit(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _model(options: argparse.Namespace) -> int:
    from kb.encode import load_encoder
    from kb.settings import settings

    chosen = settings()
    encoder = load_encoder(chosen.model, chosen.cache)
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

    base = _open(options)
    rows = list(add_inputs(base, options.inputs, _given(options), _progress))
    base.close()
    if options.json:
        _emit({"inputs": rows})
    else:
        for row in rows:
            print(row["error"] if "error" in row else _told(row))
    return SOME_FAILED if any("error" in row for row in rows) else DONE


def _told(row: dict[str, Any]) -> str:
    done = {"added": "已添加", "replaced": "已更新（旧版存入历史）", "unchanged": "没有变化"}[row["outcome"]]
    document = row["document"]
    lines = [
        f"{done}：{document['title']}（{document['region'] or '地区未定'}，{row['provisions']} 条，编号 {document['id']}）"
    ]
    if row["missing"]:
        lines.append(f"  未能确定：{'、'.join(row['missing'])}。可用 --title、--region、--issued 等重新添加以补上。")
    return "\n".join([*lines, *(f"  注意：{w}" for w in row["warnings"])])


def _given(options: argparse.Namespace) -> dict[str, str]:
    from kb.regions import region_named

    given = {name: getattr(options, name) for _, name, _ in GIVEN if getattr(options, name)}
    if options.coverage:
        given["coverage"] = options.coverage
    if "region" in given:
        region = region_named(given["region"])
        given = {"level": region.level, **given, "region": region.name}
    return given


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
    from kb.model import COVERAGE_ZH
    from kb.plain import document_row
    from kb.regions import region_named

    base = _open(options)
    wanted = {region_named(r).name for r in options.region}
    counts = base.library.counts()
    documents = [d for d in base.documents() if not wanted or d.region in wanted]
    if options.json:
        _emit({"documents": [{**document_row(d), "provisions": counts.get(d.id, 0)} for d in documents]})
        return DONE
    for d in documents:
        date = d.issued or (f"发布 {d.published}" if d.published else "日期未详")
        number = d.doc_number or "无文号"
        print(
            "\t".join(
                (
                    d.id,
                    d.region or "地区未定",
                    d.title,
                    number,
                    date,
                    COVERAGE_ZH[d.coverage],
                    f"{counts.get(d.id, 0)} 条",
                )
            )
        )
    print(f"共 {len(documents)} 份。")
    return DONE


def _show(options: argparse.Namespace) -> int:
    from kb.plain import document_row, provision_row

    document, held = _open(options).document(options.id)
    if options.json:
        _emit({"document": document_row(document), "provisions": [provision_row(h) for h in held]})
        return DONE
    print(document.citation)
    for h in held:
        print(f"[{' '.join((*h.provision.path, h.provision.label))}] {h.provision.text.strip()}")
    return DONE


def _remove(options: argparse.Namespace) -> int:
    base = _open(options)
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
    from kb.plain import hit_row
    from kb.search import checked_filters

    filters = checked_filters(options.region, options.level, options.instrument, options.since, options.until)
    base = _open(options)
    hits = base.search(options.query, options.mode, filters, options.k)
    if options.json:
        _emit({"query": options.query, "mode": options.mode, "results": [hit_row(h) for h in hits]})
        return DONE
    for h in hits:
        place = " ".join((*h.held.provision.path, h.held.provision.label))
        print(f"{h.rank}. {h.document.region}　{h.document.citation}　{place}\n   {h.held.provision.text.strip()}")
        print(
            f"   命中：{'、'.join(h.terms) or '语义相近'}；词语第 {h.lexical_rank or '—'}，语义第 {h.dense_rank or '—'}"
        )
    print(f"共 {len(hits)} 条。" if hits else "没有找到。可换个说法，或放宽地区、日期等条件。")
    return DONE


def _label(options: argparse.Namespace) -> int:
    from kb.plain import label_rows

    try:
        text = options.file.read_text("utf8") if options.file else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KbError(f"读不了 {options.file}：请给出一个 UTF-8 编码的 JSONL 文件。") from error
    for row in label_rows(_open(options), text):
        print(json.dumps(row, ensure_ascii=False))
    return DONE


def _compare(options: argparse.Namespace) -> int:
    from kb.compare.result import BASIS_ZH, KIND_ZH
    from kb.plain import comparison_row

    result = _open(options).compare(options.baseline, _peers(options), options.as_of)
    if options.json:
        _emit(comparison_row(result))
        return DONE
    print(f"以{result.baseline}为基准，{result.as_of}，{len(result.columns) - 1} 个对照地区。")
    for finding in result.findings:
        print(f"【{KIND_ZH[finding.kind]}】{finding.sentence}（{BASIS_ZH[finding.basis]}，把握{finding.confidence}）")
    return DONE


def _peers(options: argparse.Namespace) -> list[str]:
    return [p.strip() for p in options.peers.replace("，", ",").replace("、", ",").split(",") if p.strip()]


def _report(options: argparse.Namespace) -> int:
    from kb.report import write_report

    base = _open(options)
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

    found = problems(_open(options))
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
