"""The options of each command, and a parser that reports mistakes in Chinese."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NoReturn

USAGE = 2
GIVEN = (
    ("--region", "region", "地区"), ("--level", "level", "层级"), ("--title", "title", "标题"),
    ("--doc-number", "doc_number", "发文字号"), ("--issuer", "issuer", "发文机关"), ("--instrument", "instrument", "文种"),
    ("--issued", "issued", "成文日期，如 2024-09-27"), ("--effective", "effective", "施行日期"),
    ("--status", "status", "状态：现行、征求意见稿、已废止或被取代"),
)  # fmt: skip
# What argparse says of a mistake, in the user's language; Python's versions quote choices differently.
MISTAKES = (
    (r"argument 命令: invalid choice: '(.*?)' \(choose from (.*)\)", r"没有命令“\1”，可用：\2"),
    (r"argument (\S+): invalid choice: '(.*?)' \(choose from (.*)\)", r"\1 不能是“\2”，可用：\3"),
    (r"argument (\S+): invalid int value: '(.*)'", r"\1 要填整数，不能是“\2”"),
    (r"argument (\S+): expected (one|at least one) argument", r"\1 后面要有一个值"),
    (r"argument (\S+): ", r"\1："),
    (r"unrecognized arguments: ", "不认识的参数："), (r"the following arguments are required: ", "缺少参数："),
)  # fmt: skip
PORTS = range(1, 65536)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports mistakes in Chinese."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and where help is, and leave with the usage code."""
        for english, chinese in MISTAKES:
            message = re.sub(english, chinese, message)
        message = message.replace("', '", "、").replace("'", "")
        self.exit(USAGE, f"命令有误：{message}。运行 {self.prog} --help 查看用法。\n")


def _mode(said: str) -> str:
    """A way of searching by its name, Chinese or not."""
    from kb.search import MODES_ZH

    return next((mode for mode, name in MODES_ZH.items() if name == said), said)


def add_options(parser: Parser) -> None:
    """What `add` and `read` take."""
    parser.add_argument("inputs", nargs="+", metavar="文件|网址|文件夹")
    for flag, name, text in GIVEN:
        parser.add_argument(flag, dest=name, help=text)
    parser.add_argument("--coverage", choices=("full", "partial"), help="full 全文，partial 节录或摘编")


def pull_options(parser: Parser) -> None:
    """What `pull` takes."""
    parser.add_argument("--region", action="append", default=[], help="只抓取这个地区（可重复）")
    parser.add_argument("--id", action="append", default=[], dest="ids", help="只抓取这份文件（可重复）")
    parser.add_argument("--discover", metavar="地区", help="在该地区网站的列表页中查找新文件，只列出，不入库")
    parser.add_argument("--topic", default="未来产业", help="与 --discover 合用：标题中要有的词")


def list_options(parser: Parser) -> None:
    """What `list` takes."""
    parser.add_argument("--region", action="append", default=[], help="只列这个地区（可重复）")


def one_id(parser: Parser) -> None:
    """One document."""
    parser.add_argument("id", help="文件编号")


def ids(parser: Parser) -> None:
    """Several documents."""
    parser.add_argument("ids", nargs="+", metavar="编号")


def search_options(parser: Parser) -> None:
    """What `search` takes."""
    parser.add_argument("query", metavar="检索内容", help="一句话、词语或发文字号")
    parser.add_argument("--mode", type=_mode, choices=("hybrid", "dense", "lexical", "exact"), default="hybrid",
                        help="hybrid 综合，dense 语义，lexical 词语，exact 精确")  # fmt: skip
    for flag, text in (("--region", "地区"), ("--level", "层级"), ("--instrument", "文种")):
        parser.add_argument(flag, action="append", default=[], help=f"{text}（可重复）")
    parser.add_argument("--since", help="不早于，如 2024 或 2024-09-01")
    parser.add_argument("--until", help="不晚于")
    parser.add_argument("-k", type=int, default=10, help="返回条数（默认 10）")
    parser.add_argument("--together", action="store_true", help="同一文件的条款归在一起")
    parser.add_argument("--rerank", action="store_true", help="精排：把最前的 30 条逐词再比一遍，更准，慢零点几秒")


def label_options(parser: Parser) -> None:
    """What `label` takes."""
    parser.add_argument("file", nargs="?", type=Path, help="JSONL 文件，默认读标准输入")
    parser.add_argument("--why", action="store_true", help="同时给出所据的句子、词语和最近的已编码样例")


def compare_options(parser: Parser) -> None:
    """What `compare` takes."""
    parser.add_argument("--baseline", default="重庆", help="基准：地区，或文件的编号、发文字号、题名（默认 重庆）")
    parser.add_argument(
        "--peers", default="", help="对照：地区，或文件的编号、发文字号、题名，用逗号分开（默认全部）"
    )
    parser.add_argument("--as-of", dest="as_of", help="比较基准日，如 2025-07-11（默认今天）")


def correct_options(parser: Parser) -> None:
    """What `correct` takes."""
    parser.add_argument("what", nargs="*", metavar="条款编号 举措 力度",
                        help="条款编号见 show；举措写编号或名称；力度 0 取消，1 提及，2 部署，3 承诺")  # fmt: skip
    parser.add_argument(
        "--pmc", action="store_true", help="改为修订 PMC 变量：地区（或文件编号） 变量 0或1，如 重庆 X1.1 1"
    )
    parser.add_argument("--who", help="修订人（默认本机用户名）")
    parser.add_argument("--undo", type=int, metavar="修订编号", help="撤销一次修订")


def report_options(parser: Parser) -> None:
    """What `report` takes."""
    parser.add_argument("out", type=Path, metavar="输出文件")
    compare_options(parser)


def port(text: str) -> int:
    """A TCP port from what a user typed.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or int(text) not in PORTS:
        raise argparse.ArgumentTypeError(f"“{text}”不是端口号，请填 1 到 65535 之间的整数")
    return int(text)


def ui_options(parser: Parser) -> None:
    """What `ui` takes."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认仅本机）")
    parser.add_argument("--port", type=port, default=7860, help="端口（默认 7860）")
    parser.add_argument("--password", help="对外提供服务时的登录密码（用户名 kb；也可用环境变量 KB_PASSWORD）")
