"""Pages of the known content systems, and of none, as a reader sees them. All texts are invented."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.draft import drafts
from kb.errors import KbError
from kb.model import Attachment, Block, Reading
from kb.read.attached import attachment_is_the_document
from kb.read.decode import decode
from kb.read.html import read_html
from kb.read.sites import body_selectors, family_for, registry, site_of, to_xpath
from tests.realdata import SAMPLES, needs_realdata, needs_samples, real_files

LINES = (
    "各区县人民政府，市政府各部门：",
    "为培育未来产业，加快形成新质生产力，结合本市实际，制定本计划。",
    "一、总体要求",
    "到2027年，建成10个以上未来产业先导区，产业规模突破500亿元。",
    "某某市人民政府办公厅",
    "2025年3月6日",
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
FOOT = '<div class="footer"><p>主办：某某市人民政府办公厅　网站标识码：5000000000</p><p>ICP备案号</p></div>'


def page(inner: str, head: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{NAV}{inner}{FOOT}</body></html>'.encode()


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


# -- saved by Word ------------------------------------------------------------------------------------------

WORD_LINES = (
    "<p class=MsoNormal align=center style='text-align:center'><b><span\nstyle='font-size:22.0pt'>某市感知产业扶持办法<o:p></o:p></span></b></p>",
    "<h1>第一章　总则</h1>",
    "<p class=MsoNormal>第一条　为扶持感知产业，制定本办法。</p>",
    "<p class=MsoNormal>第二条　市财政每年安排专项资金<span\nlang=EN-US>2</span>亿元。</p>",
)


def saved_by_word(meta: str, frame: str = "") -> bytes:
    body = f"<div class=WordSection1>{''.join(WORD_LINES)}</div>"
    table = "<div class=WordSection2><table><tr><td>序号</td><td>事项</td></tr>" + "".join(
        f"<tr><td>{n}</td><td>扶持感知产业第{n}类企业的事项名称</td></tr>" for n in range(30)
    )
    head = f"<head>{meta}<title>关于召开会议的通知</title></head>"
    return f"<html>{head}<body lang=ZH-CN>{frame}{body}{table}</table></div></body></html>".encode()


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name=Generator content="Microsoft Word 15">',
        '<meta name=Generator content="Microsoft Word 15 (filtered)">',
        '<meta name=ProgId content=Word.Document><meta name=Originator content="Microsoft Word 11">',
    ],
)
def test_of_a_page_saved_by_word_all_is_read_and_the_title_is_that_of_the_text(meta: str) -> None:
    (draft,) = drafts(saved_by_word(meta), "某.htm")
    assert draft.document.title == "某市感知产业扶持办法"
    assert [p.path for p in draft.provisions if p.kind == "article"] == [("第一章 总则",)] * 2
    assert "事项名称" in draft.text and not draft.warnings


@pytest.mark.parametrize(
    ("meta", "frame"),
    [
        ("", ""),
        (
            '<meta name=Generator content="Microsoft Word 15"><meta name="ArticleTitle" content="关于召开会议的通知">',
            "",
        ),
        ('<meta name=Generator content="Microsoft Word 15">', NAV * 30),
    ],
    ids=["not by Word", "tags of a site", "a site's menu"],
)
def test_the_title_bar_of_a_sites_page_is_believed(meta: str, frame: str) -> None:
    (draft,) = drafts(saved_by_word(meta, frame), "某.htm")
    assert draft.document.title == "关于召开会议的通知"


# -- containers ---------------------------------------------------------------------------------------------

FAMILIES = {
    "TRS, new": (
        '<div class="view TRS_UEDITOR trs_paper_default trs_word">{}</div>',
        "https://www.cq.gov.cn/a/t20250310_1.html",
    ),
    "TRS, old, nested": (
        '<div class="TRS_Editor"><style>.TRS_Editor P{{line-height:1.5}}</style><div class="Custom_UnionStyle">{}</div></div>',
        "https://www.example.gov.cn/zwgk/201203/t20120310_1.htm",
    ),
    "jcms": ('<div id="Zoom">{}</div>', "https://www.jiangsu.gov.cn/art/2025/3/10/art_1_2.html"),
    "Lonsun": (
        '<div class="wzcon j-fontContent clearfix">{}</div>',
        "https://www.ah.gov.cn/public/1681/565333291.html",
    ),
    "gkmlpt": ('<div class="article-content">{}</div>', "http://www.gd.gov.cn/gkmlpt/content/4/1/post_1.html"),
    "gov.cn": (
        '<div class="pages_content" id="UCAP-CONTENT">{}</div>',
        "https://www.gov.cn/zhengce/content/202503/content_1.htm",
    ),
    "上海": (
        '<div id="ivs_content" class="Article_content">{}</div>',
        "https://www.shanghai.gov.cn/nw12344/20250310/" + "a" * 32 + ".html",
    ),
    "四川": ('<div id="cmsArticleContent">{}</div>', "https://www.sc.gov.cn/cols/2025/3/10/" + "b" * 32 + ".shtml"),
    "北京": ('<div id="mainText">{}</div>', "https://www.beijing.gov.cn/zhengce/zfwj/t20250310_1.html"),
    "浙江": ('<div class="zc_article_con">{}</div>', None),
    "贵州": ('<div class="DocHtmlCon">{}</div>', None),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_body_of_each_known_system_is_found_whole_and_alone(family: str) -> None:
    shape, url = FAMILIES[family]
    reading = read_html(page(f"<h1>标题</h1><div class='info'>发布时间：2025-03-10</div>{shape.format(BODY)}"), url)
    assert texts(reading) == list(LINES)
    assert reading.warnings == ()


def test_an_unknown_site_is_read_and_flagged() -> None:
    reading = read_html(page(f'<div class="abc"><div class="xyz">{BODY}</div></div>'), "https://unknown.example/1")
    assert texts(reading) == list(LINES)
    assert any("没有登记" in warning for warning in reading.warnings)


def test_a_signature_beside_the_guessed_body_is_not_lost() -> None:
    halves = f"<div class=a><div class=b>{BODY}</div><div class=c><p>某某市财政局</p><p>2025年3月7日</p></div></div>"
    assert texts(read_html(page(halves), "https://unknown.example/1"))[-2:] == ["某某市财政局", "2025年3月7日"]


def test_a_wide_box_with_a_common_name_does_not_bring_the_menu_along() -> None:
    inner = f'<div class="content"><div class="crumbs"><a href="/">首页</a></div><div class="text">{BODY}</div></div>'
    assert texts(read_html(page(inner), "https://unknown.example/1")) == list(LINES)


def test_a_side_box_with_the_name_of_the_container_is_not_the_body() -> None:
    inner = f'<div class="TRS_Editor"><p>扫一扫</p></div><div class="TRS_Editor">{BODY}</div>'
    assert texts(read_html(page(inner))) == list(LINES)


def test_an_empty_known_container_does_not_hide_the_text_elsewhere() -> None:
    inner = f'<div id="zoom"></div><div class="somewhere">{BODY * 4}</div>'
    assert texts(read_html(page(inner)))[: len(LINES)] == list(LINES)


def test_a_text_kept_as_json_in_a_script_is_read() -> None:
    body = json.dumps(BODY).replace("<", "\\u003C").replace("/", "\\/")
    facts = '"document_number":"某府办〔2025〕18号","publisher":"某某市人民政府办公厅","title":"某某计划",'
    script = f'<script>window._CONFIG = {{ POST: {{{facts}"content":{body}}} }};</script><div id="app"></div>'
    reading = read_html(page(script), "http://www.gz.gov.cn/gkmlpt/content/9/1/post_1.html")
    assert texts(reading) == list(LINES)
    assert reading.fields["table", "文号"] == "某府办〔2025〕18号"


def test_a_saved_single_file_archive_is_unpacked() -> None:
    archive = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.gov.cn/1.html\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----X"\r\n\r\n------X\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: binary\r\nContent-Location: https://www.example.gov.cn/1.html\r\n\r\n"
    )
    reading = read_html(archive + page(f'<div id="zoom">{BODY}</div>') + b"\r\n------X--\r\n")
    assert texts(reading) == list(LINES) and reading.url == "https://www.example.gov.cn/1.html"


# -- what a reader sees ----------------------------------------------------------------------------------------


def body_of(inner: str) -> Reading:
    return read_html(page(f'<div id="zoom">{BODY}{inner}</div>'))


def test_line_breaks_make_paragraphs_and_indents_go() -> None:
    assert texts(body_of("　　（一）建设先导区。<br>&nbsp;&nbsp;（二）设立基金。<br/><br/>"))[-2:] == [
        "（一）建设先导区。",
        "（二）设立基金。",
    ]


def test_words_broken_over_source_lines_and_spans_are_put_together() -> None:
    inner = "<p><span>支持未来\n      产业</span><span>发展</span>，用 GPU\n算力。</p>"
    assert texts(body_of(inner))[-1] == "支持未来产业发展，用 GPU 算力。"


def test_zero_width_characters_go_and_every_other_character_stays() -> None:
    assert (
        texts(body_of("<p>某府办发〔2025〕18号\u200b\ufeff，①㎡…Ⅱ℃“先”—·㊀。</p>"))[-1]
        == "某府办发〔2025〕18号，①㎡…Ⅱ℃“先”—·㊀。"
    )


def test_hidden_parts_scripts_and_styles_are_not_read() -> None:
    inner = '<p>正文末句。</p><div style="DISPLAY : none">隐藏</div><script>var a="文"</script><style>p{}</style><p hidden>无</p>'
    assert texts(body_of(inner))[-1] == "正文末句。"


COPY = f'<div class="print" id="dy">{BODY}<p>打印时间：2031年3月7日</p></div>'


@pytest.mark.parametrize(
    "sheet",
    [
        "<style>.print{display:none}</style>",
        "<style>/* .x{ */ .top, div.print { color: red; DISPLAY : none !important; }</style>",
        "<style>@media print{#zoom{display:none}.print{display:block}}@media screen{#dy{display:none}}</style>",
        '<style media="screen">body #dy{visibility:hidden}</style>',
        "<style>@media print{.nav{display:none}} .print{display:none}</style>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_copy_for_the_printer_hidden_by_a_style_sheet_is_not_read_again(sheet: str, inside: bool) -> None:
    body = f'<div id="zoom">{BODY}{COPY}</div>' if inside else f'{COPY}<div id="zoom">{BODY}</div>'
    assert texts(read_html(page(body, sheet))) == list(LINES)


@pytest.mark.parametrize(
    "sheet",
    [
        "<style>@media print{.more{display:none}}</style>",
        '<style media="print">.more{display:none}</style>',
        "<style>.more{display:none}</style>",
        "<style>p,.more{display:none}.more{display:block</style>",
        "<style>.more:hover{display:none} .more>p{display:none}</style>",
    ],
)
def test_what_a_style_sheet_hides_and_nothing_else_shows_is_read(sheet: str) -> None:
    more = "".join(
        f"<p>（{sign}）建设感知产业平台，开放第{sign}批应用场景，支持企业参与。</p>" for sign in "一二三四"
    )
    read_ = texts(read_html(page(f'<div id="zoom">{BODY}<div class="more">{more}</div></div>', sheet)))
    assert len(read_) == len(LINES) + 4 and set(LINES) < set(read_)


RELATED = ("某市关于支持未来网络发展的意见", "市科技局有关负责人谈感知产业条例", "感知产业，未来已来")


@pytest.mark.parametrize("head", ["相关文档", "相关阅读：", "【相关链接】", "延伸阅读"])
@pytest.mark.parametrize(
    "shape",
    [
        '<li><a href="/a/1.html">{}</a></li>',
        '<li>·<a href="/a/1.html">{}</a><span>2031-03-04</span></li>',
        "<p>{}</p>",
        '<p>1. <a href="/a/1.html">{}</a></p>',
    ],
    ids=["links", "links with days", "no links", "numbered"],
)
@pytest.mark.parametrize(
    "ends", ["", "<p>第二条　本条例自2031年5月1日起施行。某市旧条例同时废止。</p>"], ids=["date", "in force"]
)
def test_a_list_of_related_texts_below_the_end_is_no_text(head: str, shape: str, ends: str) -> None:
    listed = f"<h3>{head}</h3><div>{''.join(shape.format(name) for name in RELATED)}</div>"
    shown = texts(read_html(page(f'<div id="zoom">{BODY}{ends}{listed}</div>')))
    assert shown[: len(LINES)] == list(LINES) and len(shown) == len(LINES) + bool(ends)


def test_a_section_on_related_texts_before_the_end_is_text() -> None:
    section = "<p>三、相关链接</p><p>相关文档</p><p>某市感知产业名录</p><p>本名录由市科技局负责解释，每年更新。</p>"
    assert texts(read_html(page(f'<div id="zoom">{BODY}{section}</div>')))[len(LINES) :] == [
        "三、相关链接", "相关文档", "某市感知产业名录", "本名录由市科技局负责解释，每年更新。"
    ]  # fmt: skip


def test_bold_centred_and_headings_are_told() -> None:
    inner = '<p align="center"><b>附<span>件</span></b></p><p style="text-align:center">居中</p><h2>标题行</h2><p><b>半</b>粗</p>'
    assert body_of(inner).blocks[-4:] == (
        Block("paragraph", "附件", bold=True, centred=True),
        Block("paragraph", "居中", centred=True),
        Block("heading", "标题行", bold=True),
        Block("paragraph", "半粗", lead=1),
    )


def test_numbers_drawn_by_the_browser_are_written_out() -> None:
    inner = (
        "<ol><li>甲项；</li><li>乙项。</li></ol><ol class='custom_cn2 list-paddingleft-1' start='3'><li><p>丙项；</p></li></ol>"
        "<ol><li>1．自带编号。</li></ol><ul><li>无编号。</li></ul>"
    )
    assert texts(body_of(inner))[-5:] == ["1.甲项；", "2.乙项。", "（三）丙项；", "1．自带编号。", "无编号。"]


def test_a_table_stays_a_table_with_spans_in_place() -> None:
    inner = (
        "<table><tr><th>序号</th><th colspan=2>任务</th></tr><tr><td rowspan=2>1</td><td>建设<br>平台</td><td>市科技局</td></tr>"
        "<tr><td>设立基金</td><td>市财政局</td></tr></table>"
    )
    table = body_of(inner).blocks[-1]
    assert table.kind == "table"
    assert table.rows == (("序号", "任务", ""), ("1", "建设 平台", "市科技局"), ("", "设立基金", "市财政局"))
    assert table.text == "序号\t任务\t\n1\t建设 平台\t市科技局\n\t设立基金\t市财政局"


def test_a_table_that_only_places_text_is_walked_through() -> None:
    inner = f"<table><tr><td>{BODY}</td></tr></table>"
    reading = read_html(page(f'<div id="zoom"><table><tr><td>{inner}</td></tr></table></div>'))
    assert texts(reading) == list(LINES)


def test_a_cell_framed_by_a_table_of_its_own_leaves_the_data_a_table() -> None:
    framed = "<table><tr><td>人形机器人</td></tr></table>"
    inner = f"<table><tr><th>赛道</th><th>目标</th></tr><tr><td>{framed}</td><td>30亿元</td></tr></table>"
    assert body_of(inner).blocks[-1].rows == (("赛道", "目标"), ("人形机器人", "30亿元"))


def test_a_box_is_a_box() -> None:
    box = body_of(
        "<table><tr><td><p>专栏1　重点工程</p></td></tr><tr><td><p>脑机接口验证中心。</p></td></tr></table>"
    ).blocks[-1]
    assert box.kind == "box" and box.text == "专栏1　重点工程\n脑机接口验证中心。"


def test_a_title_over_several_lines_is_one_block_when_the_page_says_it() -> None:
    title = "某某市人民政府办公厅关于印发某某计划的通知"
    lines = '<p align="center">某某市人民政府办公厅</p><p align="center">关于印发某某计划的通知</p>'
    reading = read_html(page(f'<div id="zoom">{lines}{BODY}</div>', f'<meta name="articletitle" content="{title}">'))
    assert texts(reading)[0] == title and texts(reading)[1] == LINES[0]


@pytest.mark.parametrize(
    "tail",
    [
        "扫一扫在手机打开当前页",
        "【打印】【关闭】",
        "责任编辑：张某",
        "上一篇：某某通知",
        "相关解读",
        "分享到：",
        "1.某某清单.pdf",
        "来源：某某日报",
    ],
)
def test_furniture_after_the_end_is_cut(tail: str) -> None:
    assert texts(body_of(f"<p>（此件公开发布）</p><p>{tail}</p>"))[-1] == "（此件公开发布）"


def test_words_of_furniture_inside_the_text_are_text() -> None:
    inner = "<p>主办单位：市科技局。</p><p>来源：财政资金和社会资本。</p><p>发布日期：以公告为准。</p><p>二、保障措施</p><p>加强领导。</p>"
    assert texts(body_of(inner))[-5:] == [
        "主办单位：市科技局。", "来源：财政资金和社会资本。", "发布日期：以公告为准。", "二、保障措施", "加强领导。"
    ]  # fmt: skip


def test_the_line_under_a_title_inside_the_body_is_cut_and_kept_as_facts() -> None:
    head = "<h1>某某计划</h1><p>发布时间：2025-03-10 09:30 来源：市政府办公厅</p><p>字号：[大 中 小]</p>"
    reading = read_html(page(f'<div id="zoom">{head}{BODY}</div>'))
    assert texts(reading)[:2] == ["某某计划", LINES[0]]
    assert reading.fields["page", "发布时间"].startswith("2025-03-10")


# -- facts beside the text ----------------------------------------------------------------------------------------

TABLES = {
    "cells": "<table><tr><td><b>索 引 号：</b></td><td>X/1</td><td><b>发文字号：</b></td><td>某府〔2025〕1号</td></tr>"
    "<tr><td>成文日期</td><td>2025-03-06</td></tr></table>",
    "header cells": "<table><tr><th>索引号</th><td>X/1</td></tr><tr><th>发文字号</th><td>某府<span>〔2025〕</span>1号</td></tr>"
    "<tr><th>成文日期</th><td>2025-03-06</td></tr></table>",
    "terms": "<dl><dt>索引号：</dt><dd>X/1</dd><dt>发文字号：</dt><dd>某府〔2025〕1号</dd><dt>成文日期：</dt><dd>2025-03-06</dd></dl>",
    "items": "<ul><li><span>索　引　号：</span><span>X/1</span></li><li>发文字号：某府〔2025〕1号</li><li><i>成文日期：</i>2025-03-06</li></ul>",
    "brackets": "<ol><li>[索引号]<span>X/1</span></li><li><span>[发文字号]</span>某府〔2025〕1号</li><li>【成文日期】2025-03-06</li></ol>",
    "one line": "<p>索引号：X/1　发文字号：某府〔2025〕1号　成文日期：2025-03-06</p>",
}


@pytest.mark.parametrize("where", ["beside", "inside"])
@pytest.mark.parametrize("shape", TABLES)
def test_labelled_facts_are_found_whatever_holds_them(shape: str, where: str) -> None:
    table = f"<div>{TABLES[shape]}</div>"
    inner = f'{table}<div id="zoom">{BODY}</div>' if where == "beside" else f'<div id="zoom">{table}{BODY}</div>'
    reading = read_html(page(inner))
    assert reading.fields["table", "索引号"] == "X/1"
    assert reading.fields["table", "发文字号"] == "某府〔2025〕1号"
    assert reading.fields["table", "成文日期"] == "2025-03-06"
    assert texts(reading) == list(LINES)


def test_a_data_table_with_such_words_is_no_table_of_facts() -> None:
    reading = body_of(
        "<table><tr><td>标题</td><td>责任部门</td></tr><tr><td>建设平台</td><td>市科技局</td></tr></table>"
    )
    assert reading.blocks[-1].kind == "table"


def test_meta_tags_are_found_in_any_case_and_cleaned() -> None:
    head = (
        "<META content='&lt;p&gt;某某&lt;br&gt;计划&lt;/p&gt;' NAME=articletitle><meta name='pubdate' content='2025-03-10 09:30'/>"
        "<meta name='SiteIDCode' content='政府网站标识码'><meta name='ColumnName' content=''>"
    )
    fields = read_html(page(f'<div id="zoom">{BODY}</div>', head)).fields
    assert fields["meta", "ArticleTitle"] == "某某计划" and fields["meta", "PubDate"] == "2025-03-10 09:30"
    assert ("meta", "SiteIDCode") not in fields and ("meta", "ColumnName") not in fields


# -- attachments ---------------------------------------------------------------------------------------------------


def test_attachments_are_found_by_type_script_and_mark() -> None:
    links = (
        '<a href="./P020250310345678901234.pdf">附件1．清单.pdf</a>'
        '<a href="/module/download/downfile.jsp?classid=0&amp;filename=0f.ofd&amp;showname=%E9%80%9A%E7%9F%A5.ofd"></a>'
        '<a href="W020250310345678905678" appendix="true">附件2．分工表</a><a href="./jd.pdf">一图读懂行动计划</a><a href="/index.html">首页</a>'
    )
    url = "https://www.example.gov.cn/zwgk/t20250310_1.html"
    found = read_html(
        page(f'<div id="zoom">{BODY}{links}</div><a href="/help.pdf">网站使用手册</a>'), url
    ).attachments
    assert found == (
        Attachment("https://www.example.gov.cn/zwgk/P020250310345678901234.pdf", "附件1．清单.pdf"),
        Attachment(
            "https://www.example.gov.cn/module/download/downfile.jsp?classid=0&filename=0f.ofd&showname=%E9%80%9A%E7%9F%A5.ofd",
            "通知.ofd",
        ),
        Attachment("https://www.example.gov.cn/zwgk/W020250310345678905678", "附件2．分工表"),
    )


def test_attachments_listed_below_the_body_belong_to_it() -> None:
    listed = '<div id="zoom">{}</div><div class="fujian"><p>附件下载：</p><a href="a.docx">申报表</a></div>'
    assert [a.name for a in read_html(page(listed.format(BODY))).attachments] == ["申报表"]


def test_a_page_that_only_points_to_its_attachment_says_so() -> None:
    reading = read_html(
        page('<div class="TRS_Editor"><p>详见附件。</p><p><a href="P0.pdf">某某行动计划.pdf</a></p></div>')
    )
    assert attachment_is_the_document(reading) and any("附件" in warning for warning in reading.warnings)
    framed = read_html(
        page('<div id="zoom"><p>全文如下。</p><iframe src="/pdfjs/viewer.html?file=/a/P1.pdf"></iframe></div>')
    )
    assert attachment_is_the_document(framed)


def test_a_text_with_attached_forms_is_itself_the_document() -> None:
    reading = body_of("<p>加强组织领导，形成工作合力，抓好任务落实。</p>" * 20 + '<a href="a.docx">附件：申报表</a>')
    assert reading.attachments and not attachment_is_the_document(reading)
    assert not attachment_is_the_document(Reading("html", (), attachments=(Attachment("a.xlsx", "清单"),)))


# -- bad pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"<html></html>", b"<!-- -->", b"<html><body><script>var a=1</script></body></html>"]
)
def test_a_page_without_text_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(KbError, match="。$"):
        read_html(data)


def test_a_list_page_is_refused() -> None:
    rows = "".join(
        f'<li><a href="{n}.html">关于某某工作的通知第{n}号</a><span>2025-03-0{n}</span></li>' for n in range(1, 9)
    )
    with pytest.raises(KbError, match="目录页"):
        read_html(page(f"<ul>{rows}</ul>"))


def test_one_part_of_a_paged_text_is_said_to_be_a_part() -> None:
    reading = read_html(page(f'<div class=w><div id="zoom">{BODY}</div><a href="t_1.html">下一页</a></div>'))
    assert any("只读到一部分" in warning for warning in reading.warnings)


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<table><tr><td>", "<ul><li>"])
def test_bottomless_nesting_is_refused_quickly(unit: str) -> None:
    with pytest.raises(KbError, match="嵌套"):
        read_html((unit * 50_000 + "政策，").encode())


def test_absurd_spans_cost_nothing() -> None:
    row = "<tr><td colspan=999999999 rowspan=999999999>甲</td><td>乙</td></tr><tr><td>丙</td></tr>"
    assert body_of(f"<table>{row}</table>").blocks[-1].rows[0][-1] == "乙"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<html>", b"<div id=zoom><p>", b"<table><tr><td>", b"<meta name=a content=<p>"]),
)
def test_no_bytes_make_the_reader_stumble(noise: bytes, start: bytes) -> None:
    try:
        read_html(start + noise)
    except KbError as error:
        assert str(error).endswith("。")


paragraphs = st.lists(
    st.text("未来产业发展，。；先导区10家（一）、A ", min_size=1, max_size=40).filter(lambda t: t.strip()),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    paragraphs,
    st.sampled_from(["<p>{}</p>", "{}<br>", "<div>{}</div>", "<p><span><b>{}</b></span></p>", "<p>　　{}</p>"]),
)
def test_every_character_between_the_ends_is_given_back_in_order(lines: list[str], shape: str) -> None:
    inner = "".join(shape.format(line) for line in lines)
    reading = read_html(page(f'<div id="zoom"><p>开头，是一句话。</p>{inner}<p>结尾，也是一句话。</p></div>'))
    assert "".join("".join(texts(reading)).split()) == "".join(
        f"开头，是一句话。{''.join(lines)}结尾，也是一句话。".split()
    )


# -- encodings and the registry --------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_whatever_is_declared_the_bytes_decide(codec: str) -> None:
    text = '<html><head><meta charset="gb2312"></head><body><p>王堃、朱镕，１２００㎡，张䶮。</p></body></html>'
    assert "王堃、朱镕，１２００㎡，张䶮。" in decode(text.encode(codec))


def test_one_bad_byte_does_not_turn_the_page_to_gibberish() -> None:
    for codec in ("utf-8", "gb18030"):
        data = ("未来产业" * 50).encode(codec)
        assert decode(data[:100] + b"\xff" + data[100:]).count("未来产业") >= 48


def test_every_selector_of_the_registry_is_understood() -> None:
    known = registry()
    lists = [s.body + s.rows for s in (*known.sites.values(), *known.families.values())]
    for selector in (*known.generic, *known.weak, *known.noise, *known.rows, *(s for one in lists for s in one)):
        assert to_xpath(selector).startswith("//")


def test_a_site_is_known_by_its_parent_domain_and_a_family_by_the_address() -> None:
    site = site_of("sfj.cq.gov.cn")
    assert site is not None and site.region == "重庆" and site_of("gov.example") is None
    trs, jcms = (
        family_for("https://x.gov.cn/a/202503/t20250310_12.shtml"),
        family_for("https://y.gov.cn/art/2025/3/1/art_9_8.html"),
    )
    assert trs is not None and trs.name == "trs" and jcms is not None and jcms.name == "hanweb"
    assert body_selectors("https://www.zj.gov.cn/x.html")[0] == ".zc_article_con"


# -- files of the world ---------------------------------------------------------------------------------------------


@needs_samples
@pytest.mark.parametrize("name", ["utf8", "declared_gb2312_is_gb18030", "declared_gbk_is_utf8", "nodecl_gbk"])
def test_the_sample_pages_read_the_same_in_every_encoding(name: str) -> None:
    reading = read_html((SAMPLES / f"policy_{name}.html").read_bytes())
    assert reading.fields["table", "发文字号"] == "某府办发〔2025〕18号" and len(reading.attachments) == 3
    assert any(block.text.startswith("（二）实施低空经济提升工程") for block in reading.blocks)
    assert reading.blocks[-1].kind == "table" or "①②③" in reading.blocks[-1].text


@needs_realdata
def test_all_real_pages_are_read_or_refused_in_a_sentence() -> None:
    refused = []
    for file in real_files("pages-gov-cn/html/*.html", "pages-guangzhou/html/*.html"):
        try:
            reading = read_html(file.read_bytes())
        except KbError:
            refused.append(file.name[:3])
            continue
        assert reading.blocks and not reading.warnings, file.name
        assert not any("扫一扫" in block.text for block in reading.blocks), file.name
    assert refused in ([], ["20b"])


@pytest.mark.parametrize(
    "last",
    [
        "相关政策由市科技局负责解释。", "政策解读工作由市经济信息委牵头；", "关闭落后产能企业10家。", "打印设备产业基地建成投用。", "分享数据资源，开放应用场景。",
        "主办单位：市科技局", "承办单位：市中小企业服务中心",
    ],
)  # fmt: skip
def test_a_last_line_that_begins_like_furniture_is_text(last: str) -> None:
    lines = (
        "一、建设平台，开放场景。",
        "二、加强领导，形成合力，抓好任务落实，确保取得实效，各项工作按期完成。",
        last,
    )
    inner = "".join(f"<p>{line}</p>" for line in lines)
    assert texts(read_html(page(f'<div id="zoom">{inner}</div>'))) == list(lines)


# -- nothing a reader sees is lost ---------------------------------------------------------------------------------


def test_a_short_reply_with_a_map_attached_is_itself_the_document() -> None:
    reply = (
        "<p>市规划自然资源局：</p><p>你局请示收悉。同意设立某某未来产业园，四至范围以附图为准。</p>"
        "<p>某某市人民政府</p><p>2025年3月6日</p><a href='map.pdf'>附件：四至范围图</a>"
    )
    reading = read_html(page(f'<div id="zoom">{reply}</div>'))
    assert reading.attachments and not attachment_is_the_document(reading) and not reading.warnings


def test_the_caption_of_a_table_stands_above_it() -> None:
    table = "<table><caption>表1　主要指标（单位：亿元）</caption><tr><th>指标</th><th>2027年</th></tr><tr><td>规模</td><td>1000</td></tr></table>"
    blocks = body_of(BODY + table).blocks
    assert blocks[-2].text == "表1　主要指标（单位：亿元）" and blocks[-1].kind == "table"


def test_lines_that_only_begin_like_a_button_of_the_site_are_text() -> None:
    listed = "<p>一、重点产品</p><p>关闭系统组件</p><p>收藏级文创产品</p><p>打印耗材</p>"
    buttons = (
        "<p>打印 关闭</p><p>打印本页关闭窗口</p><p>【打印正文】</p><p>收藏本文</p><p>分享本页</p><p>关闭此页</p>"
    )
    shown = texts(read_html(page(f'<div id="zoom"><p>分享经济发展行动计划</p>{BODY}{listed}{buttons}</div>')))
    assert shown[0] == "分享经济发展行动计划" and shown[-3:] == ["关闭系统组件", "收藏级文创产品", "打印耗材"]


@pytest.mark.parametrize(
    "style", [".copy{display:none}", "/* 打印 */ .a, .copy { visibility : hidden }", "#once{display:none}"]
)
def test_a_copy_that_a_style_sheet_hides_is_not_read_twice(style: str) -> None:
    copy = f'<div class="copy" id="once">{BODY}</div>'
    made = texts(read_html(page(f"<div>{BODY}</div>{copy}", f"<style>{style}</style>")))
    assert [made.count(line) for line in LINES] == [1] * len(LINES)


def test_what_a_style_sheet_hides_is_kept_where_it_says_anything_of_its_own() -> None:
    own = "（三）设立总规模20亿元的未来产业基金。"
    hidden = f'<div class="tab">{BODY}<p>{own}</p></div>'
    assert own in texts(read_html(page(f"<div>{BODY}</div>{hidden}", "<style>.tab{display:none}</style>")))
    printed = "<style>@media print{.whole{display:none}}</style>"
    assert LINES[3] in texts(read_html(page(f'<div class="whole">{BODY}</div>', printed)))


@pytest.mark.parametrize("editor", ["Microsoft Word 15 (filtered)", "LibreOffice 7.3 (Linux)"])
def test_the_title_an_editor_left_in_a_saved_file_is_not_the_title_of_the_text(editor: str) -> None:
    head = f'<meta name="Generator" content="{editor}"><title>关于召开全市经济工作会议的通知</title>'
    title = '<p align="center"><b>某某市未来产业培育行动计划</b></p>'
    made = read_html(page(f"<div>{title}{BODY}</div>", head))
    assert "召开" not in "".join(made.fields.values()) and not made.warnings


def test_a_list_of_related_pages_after_the_end_is_no_part_of_the_text() -> None:
    related = "<div><h3>相关文档</h3><p>某某市未来产业政策一图读懂</p><p>某某市未来产业行动计划解读</p></div>"
    assert texts(read_html(page(f"<div>{BODY}{related}</div>")))[-1] == LINES[-1]
