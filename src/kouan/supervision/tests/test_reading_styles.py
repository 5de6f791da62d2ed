"""Every style of naming who does something, each in a text made for it; the units are what an official would take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kouan.supervision.reading.document import read_document
from kouan.supervision.reading.types import DocumentReading

LEAD, DO, HELP, CARRY, JOIN, OPEN = "lead", "responsible", "support", "implement", "participate", "unmarked"


def units_of(note: str) -> list[tuple[str, str]]:
    """Read one task with this note and give its units."""
    reading = read_document(f"一、重点任务\n（一）完善口岸功能。统筹推进口岸建设。{note}\n")
    assert [task.clause for task in reading.tasks] == ["一(一)"]
    return [(unit.name, unit.role) for unit in reading.tasks[0].units]


def codes_of(reading: DocumentReading) -> list[str]:
    return [one.code.removeprefix("document.") for one in reading.problems]


@pytest.mark.parametrize(
    ("note", "units"),
    [
        ("（责任单位：市商务局、市财政局，江汉区人民政府）",
         [("市商务局", DO), ("市财政局", DO), ("江汉区人民政府", DO)]),
        ("（财政部、海关总署负责）", [("财政部", DO), ("海关总署", DO)]),
        ("（商务部牵头，财政部、海关总署按职责分工负责）", [("商务部", LEAD), ("财政部", DO), ("海关总署", DO)]),
        ("（市商务局、市财政局等按职责分工负责）", [("市商务局", DO), ("市财政局", DO)]),
        ("（市商务局、市财政局分工负责）", [("市商务局", DO), ("市财政局", DO)]),
        ("（省商务厅牵头负责）", [("省商务厅", LEAD)]),
        ("（省商务厅、省财政厅，武汉海关牵头）", [("省商务厅", LEAD), ("省财政厅", LEAD), ("武汉海关", LEAD)]),
        ("（牵头单位：市商务局；责任单位：市财政局）", [("市商务局", LEAD), ("市财政局", DO)]),
        ("〔牵头单位：市商务局，配合单位：市财政局、市税务局〕",
         [("市商务局", LEAD), ("市财政局", HELP), ("市税务局", HELP)]),
        ("（牵头部门：州商务局；配合部门：州财政局；落实单位：各县市人民政府）",
         [("州商务局", LEAD), ("州财政局", HELP), ("各县市人民政府", CARRY)]),
        ("[责任单位：市商务局]", [("市商务局", DO)]),
        ("【牵头单位：市商务局。责任单位：武汉海关】", [("市商务局", LEAD), ("武汉海关", DO)]),
        ("（责任部门：市教育局　　配合部门：市财政局）", [("市教育局", DO), ("市财政局", HELP)]),
        ("（责任单位：市商务局（牵头），市财政局）", [("市商务局", LEAD), ("市财政局", DO)]),
        ("（责任单位：市商务局牵头，市财政局配合，各区落实）",
         [("市商务局", LEAD), ("市财政局", HELP), ("各区", CARRY)]),
        ("（武汉海关牵头，长江海事局、市商务局参加）", [("武汉海关", LEAD), ("长江海事局", JOIN), ("市商务局", JOIN)]),
        ("（市商务局、市财政局负责，各区政府负责落实）", [("市商务局", DO), ("市财政局", DO), ("各区政府", CARRY)]),
        ("（市商务局、市文化和旅游局，各区人民政府）",
         [("市商务局", OPEN), ("市文化和旅游局", OPEN), ("各区人民政府", OPEN)]),
        ("由市商务局牵头，市财政局、市税务局配合。", [("市商务局", LEAD), ("市财政局", HELP), ("市税务局", HELP)]),
        ("责任单位：市商务局、市财政局", [("市商务局", DO), ("市财政局", DO)]),
        ("{责任单位：市商务局/市财政局}", [("市商务局", DO), ("市财政局", DO)]),
        ("——责任单位：市商务局", [("市商务局", DO)]),
        ("\n责任单位：市商务局 市财政局", [("市商务局", DO), ("市财政局", DO)]),
        ("\n**牵头单位：** 市商务局\n**配合单位：** 市财政局", [("市商务局", LEAD), ("市财政局", HELP)]),
        ("（责任单位：市商务局；责任领导：张三；完成时限：2023年10月）", [("市商务局", DO)]),
        ("（牵头市领导：张三；牵头单位：市商务局；责任单位：市财政局）", [("市商务局", LEAD), ("市财政局", DO)]),
        ("（责任单位：市商务局，市财政局（各区配合））", [("市商务局", DO), ("市财政局", DO)]),
        ("\n责任单位：市商务局、市财政局、\n          市税务局\n完成时限：2023年9月底前",
         [("市商务局", DO), ("市财政局", DO), ("市税务局", DO)]),
        ("（省商务厅会同省财政厅负责）", [("省商务厅", DO), ("省财政厅", DO)]),
        ("（指导单位：省商务厅；责任单位：市商务局）", [("省商务厅", OPEN), ("市商务局", DO)]),
    ],
)  # fmt: skip
def test_the_note_says_who_and_as_what(note, units):
    assert units_of(note) == units


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("武汉东湖新技术开发区、武汉经济技术开发区管委会", ["武汉东湖新技术开发区管委会", "武汉经济技术开发区管委会"]),
        ("黄陂区、新洲区、江夏区人民政府", ["黄陂区人民政府", "新洲区人民政府", "江夏区人民政府"]),
        ("黄陂、江夏区人民政府", ["黄陂区人民政府", "江夏区人民政府"]),
        ("广州、深圳市政府", ["广州市政府", "深圳市政府"]),
        ("市、区财政局", ["市财政局", "区财政局"]),
        ("省、市、县（区）人民政府", ["省人民政府", "市人民政府", "县（区）人民政府"]),
        ("省商务厅、财政厅、税务局，武汉海关", ["省商务厅", "省财政厅", "省税务局", "武汉海关"]),
        ("示范区党工委组织部、住房和城乡建设局", ["示范区党工委组织部", "示范区住房和城乡建设局"]),
        ("市商务、财政局", ["市商务局", "市财政局"]),
        ("市发改委、人行苏州中支、市财政局", ["市发改委", "人行苏州中支", "市财政局"]),
        ("各县（市、区）人民政府", ["各县（市、区）人民政府"]),
        ("各市、县人民政府", ["各市、县人民政府"]),
        ("各省、自治区、直辖市人民政府", ["各省、自治区、直辖市人民政府"]),
        ("属地人民政府（管委会）", ["属地人民政府（管委会）"]),
        ("市住房和城乡建设局、市工业和信息化局", ["市住房和城乡建设局", "市工业和信息化局"]),
        ("市财政局和市商务局", ["市财政局", "市商务局"]),
        ("国务院相关部门及各地区", ["国务院相关部门", "各地区"]),
        ("住房城乡建设部等国务院相关部门及各地区", ["住房城乡建设部", "各地区"]),
        ("海关总署等有关部门和各省、自治区、直辖市人民政府", ["海关总署", "各省、自治区、直辖市人民政府"]),
        ("市商务局等市直有关部门和单位，各区人民政府", ["市商务局", "各区人民政府"]),
        ("中国铁路武汉局集团有限公司、国家外汇管理局湖北省分局",
         ["中国铁路武汉局集团有限公司", "国家外汇管理局湖北省分局"]),
    ],
)  # fmt: skip
def test_shared_endings_and_levels_are_written_out(written, names):
    assert [name for name, _ in units_of(f"（责任单位：{written}）")] == names


@pytest.mark.parametrize("bracket", ["〈市口岸办〉", "（市口岸办）", "(市口岸办)", "<市口岸办>"])
def test_a_second_name_is_no_second_unit(bracket):
    reading = read_document(f"一、任务\n（一）甲。（责任单位：市商务局{bracket}、市财政局）")
    found = [(unit.name, unit.alias) for unit in reading.tasks[0].units]
    assert found == [("市商务局", "市口岸办"), ("市财政局", None)]
    assert reading.text[slice(*reading.tasks[0].units[0].span)] == "市商务局"


def test_what_a_name_covers_is_no_second_name():
    reading = read_document(
        "一、任务\n（一）甲。（责任单位：各区人民政府〈含开发区管委会，下同〉）\n（二）乙。（责任单位：各区人民政府）"
    )
    assert [(unit.name, unit.alias) for unit in reading.tasks[0].units] == [("各区人民政府", None)]
    assert [(one.kind, one.text) for one in reading.defaults] == [("explanation", "含开发区管委会，下同")]


def test_a_default_reaches_every_task_in_its_scope():
    reading = read_document(
        "一、任务\n1.甲。（省商务厅负责，各市负责落实。以下均需各县（市、区）政府落实，不再列出）\n"
        "2.乙。（省财政厅负责）\n3.丙。（省商务厅负责）"
    )
    assert [one.kind for one in reading.defaults] == ["units"]
    added = [[unit.name for unit in task.units if unit.default == 0] for task in reading.tasks]
    assert added == [["各县（市、区）政府"]] * 3
    assert {unit.role for task in reading.tasks for unit in task.units if unit.default == 0} == {CARRY}
    assert reading.text[slice(*reading.defaults[0].scope)].startswith("省商务厅负责") is False


def test_the_first_leads_only_where_the_text_says_so():
    text = "一、任务\n1.甲。（{}）\n2.乙。（财政部、商务部负责）"
    silent = read_document(text.format("税务总局、海关总署负责"))
    assert {unit.role for task in silent.tasks for unit in task.units} == {DO}
    said = read_document(text.format("税务总局、海关总署负责，排在第一位的部门为牵头部门，下同"))
    assert [[unit.role for unit in task.units] for task in said.tasks] == [[LEAD, DO], [LEAD, DO]]
    assert [unit.default for unit in said.tasks[1].units] == [0, None]
    once = read_document(text.format("税务总局、海关总署负责，排在第一位的部门为牵头部门"))
    assert [[unit.role for unit in task.units] for task in once.tasks] == [[LEAD, DO], [DO, DO]]


def test_a_document_on_one_line():
    reading = read_document(
        "各地区：为做好工作，提出如下意见。一、提升便利度（一）优化流程。推进网上办。（商务部牵头，各地区负责）（二）提高效率。"
        "压减时间。（海关总署负责）二、简化审批（三）放宽准入。清理条件。具体措施：1．减证。（财政部负责）2．减费。（税务总局负责）"
    )
    found = [(task.clause, [unit.name for unit in task.units]) for task in reading.tasks]
    assert found == [
        ("一(一)", ["商务部", "各地区"]),
        ("一(二)", ["海关总署"]),
        ("二(三)1", ["财政部"]),
        ("二(三)2", ["税务总局"]),
    ]


def test_two_levels_of_notes():
    reading = read_document(
        "一、任务\n（一）甲。推进。（商务部牵头）具体措施：1．减证。（财政部负责）\n2．减费。（税务总局负责）"
    )
    assert [(task.clause, task.units[0].name) for task in reading.tasks] == [
        ("一(一)", "商务部"), ("一(一)1", "财政部"), ("一(一)2", "税务总局")]  # fmt: skip


def test_a_note_below_a_list_is_of_the_whole_list():
    reading = read_document("二、任务\n（一）建设。\n1.港口。建设港口。\n2.机场。建设机场。\n责任单位：市交通运输局")
    assert [(task.clause, task.units[0].name) for task in reading.tasks] == [("二(一)", "市交通运输局")]
    assert "建设港口" in reading.tasks[0].text and "责任单位" not in reading.tasks[0].text


def test_numbers_count_and_not_markup():
    reading = read_document(
        "### 一、总体\n\n# 二、任务\n"
        "## (一)甲\n1.乙。（责任单位：市商务局）\n### （二）丙\n1.丁。（责任单位：市财政局）"
    )
    assert [task.clause for task in reading.tasks] == ["二(一)1", "二(二)1"]


def test_a_clause_without_a_note_among_others_is_told_and_no_task():
    reading = read_document(
        "一、任务\n（一）甲。（责任单位：市商务局）\n"
        "（二）乙。\n（三）丙。（责任单位：市财政局）\n（四）本措施自印发之日起施行。"
    )
    assert [task.clause for task in reading.tasks] == ["一(一)", "一(三)"]
    assert codes_of(reading) == ["clause_without_note"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("第一章 总则\n第一条 为规范管理，制定本办法。\n第二条 市商务局负责口岸管理。", "articles"),
        ("一、要求\n（一）加强领导。各区要高度重视。\n（二）强化保障。", "no_notes"),
        ("今天天气很好，适合出行。", "no_numbers"),
        ("一、方案\n牵头单位\n配合单位\n1\n建设码头\n市交通局", "table_flattened"),
    ],
)
def test_where_nobody_is_named_nothing_is_made_up(text, code):
    reading = read_document(text)
    assert reading.tasks == () and code in codes_of(reading)


@pytest.mark.parametrize(
    "aside", ["（含税务部门）", "（试行）", "（简称市商务局）", "（由企业自行负责）", "（街道办事处）", "（见附件）"]
)
def test_a_bracket_in_a_sentence_is_no_note(aside):
    reading = read_document(f"一、任务\n（一）甲。完善功能{aside}并推进实施。（责任单位：市商务局）")
    assert [unit.name for unit in reading.tasks[0].units] == ["市商务局"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年6月底前完成，12月底前推广", [(date(2021, 6, 30), "month", False), (date(2021, 12, 31), "month", True)]),
        ("2024年2月底前", [(date(2024, 2, 29), "month", False)]),
        ("2025年12月31日前", [(date(2025, 12, 31), "day", False)]),
        ("2023年底前", [(date(2023, 12, 31), "year", False)]),
        ("2025年第三季度内开业", [(date(2025, 9, 30), "quarter", False)]),
        ("2025年上半年前", [(date(2025, 6, 30), "half_year", False)]),
        ("2024年5月中旬前", [(date(2024, 5, 20), "ten_days", False)]),
        ("到2025年", [(date(2025, 12, 31), "year", False)]),
        ("年底前报告", [(None, "year", False)]),
        ("每月25日前报送", [(None, "recurring", False)]),
        ("自印发之日起30日内制定", [(None, "relative", False)]),
        ("有效期至2024年12月31日", []),
        ("自2024年8月1日起至2025年12月31日给予补贴", []),
        ("对2024年3月31日之前供应的土地", []),
        ("2021年2月30日前", [(None, "day", False)]),
        ("2023年1月1日印发的文件", []),
    ],
)
def test_deadlines(text, found):
    reading = read_document(f"一、任务\n（一）甲。{text}。（责任单位：市商务局）")
    assert [(one.date, one.precision, one.inherits_year) for one in reading.tasks[0].deadlines] == found


def test_a_deadline_in_the_note_and_the_year_of_the_document():
    reading = read_document(
        "关于推进工作的通知\n2022年3月1日\n"
        "一、任务\n（一）甲。9月底前完成。责任单位：市商务局\n时序进度：2022年6月\n（二）乙。责任单位：市财政局\n时序进度：持续推进"
    )
    assert [one.date for one in reading.tasks[0].deadlines] == [date(2022, 9, 30), date(2022, 6, 30)]
    assert [one.precision for one in reading.tasks[1].deadlines] == ["ongoing"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("争取每年新开3至5条国际航线", [(3, 5, "条", "year")]),
        ("新增企业不少于100家", [(100, None, "家", None)]),
        ("通关时间压缩至5个工作日以内", [(None, 5, "个工作日", None)]),
        ("给予最高5000万元、1000万元的资助", [(None, 5000, "万元", None), (None, 1000, "万元", None)]),
        ("按实际投资额的30%给予补贴", [(30, 30, "%", None)]),
        ("全年产值增长8%以上", [(8, None, "%", "year")]),
        ("按不低于每人500元的标准给予补贴", [(500, None, "元", None)]),
        ("对年销售额超过1000万元的企业", []),
        ("引进规模10亿元以上项目3个", [(3, 3, "个", None)]),
        ("实现7×24小时通关", []),
        ("落实第33号文件、〔2018〕5号文件和“1+100个”行动", []),
    ],
)
def test_figures(text, found):
    reading = read_document(f"一、任务\n（一）甲。{text}。（责任单位：市商务局）")
    expected = [tuple(Decimal(one) if isinstance(one, int) else one for one in figure) for figure in found]
    assert [(one.low, one.high, one.unit, one.period) for one in reading.tasks[0].figures] == expected


def test_a_conference_with_its_seats():
    reading = read_document(
        "关于建立口岸工作联席会议制度的函\n"
        "一、组成\n联席会议由市商务局、市财政局、市税务局3个部门组成，市商务局为牵头单位。"
        "联席会议设召集人1人，由分管副市长担任；设副召集人2人，由市商务局局长和市政府副秘书长担任。联席会议办公室设在市商务局。"
    )
    (body,) = reading.bodies
    assert body.name == "口岸工作联席会议"
    assert [(one.unit, one.role) for one in body.members] == [
        ("市商务局", "member"), ("市财政局", "member"), ("市税务局", "member"),
        ("分管副市长", "convenor"), ("市商务局", "office")]  # fmt: skip
    assert [(one.unit, one.position) for one in body.others] == [
        ("市商务局局长", "副召集人"), ("市政府副秘书长", "副召集人"), ("市商务局", "牵头单位")]  # fmt: skip


def test_a_table_of_tasks():
    reading = read_document(
        "附件\n序号,工作事项,主要内容,牵头单位,配合单位,完成时限\n"
        '1,建码头,"建成2座码头,改造1座。",市交通运输局,市发改委、市财政局,2024年12月\n'
        "2,开航线,每年新开3-5条航线,市商务局（市口岸办）,/,2025年"
    )
    assert [(task.clause, [(unit.name, unit.role) for unit in task.units]) for task in reading.tasks] == [
        ("1", [("市交通运输局", LEAD), ("市发改委", HELP), ("市财政局", HELP)]),
        ("2", [("市商务局", LEAD)]),
    ]
    assert [task.deadlines[-1].date for task in reading.tasks] == [date(2024, 12, 31), date(2025, 12, 31)]
    for task in reading.tasks:
        for unit in task.units:
            assert reading.text[slice(*unit.span)] == unit.name


@pytest.mark.parametrize("with_indents", [True, False])
def test_lines_wrapped_and_parted_by_pages_read_as_paragraphs(with_indents):
    paragraphs = ["一、重点任务"] + [
        f"（{number}）完善口岸功能{number}。统筹推进口岸规划建设，优化作业流程，提高通关效率，降低物流成本。（牵头单位：市商务局；责任单位：市财政局、"
        f"武汉东湖新技术开发区、武汉经济技术开发区管委会）"
        for number in "一二三四五六七八"
    ]
    lines: list[str] = []
    for paragraph in paragraphs:
        words = ("　　" if with_indents else "") + paragraph
        lines += [words[at : at + 28] for at in range(0, len(words), 28)]
    pages = [*lines[:11], "", "— 1 —", "", *lines[11:23], "- 2 -", *lines[23:]]
    reading = read_document("\n".join(pages))
    expected = ["市商务局", "市财政局", "武汉东湖新技术开发区管委会", "武汉经济技术开发区管委会"]
    assert len(reading.tasks) == 8
    assert all([unit.name for unit in task.units] == expected for task in reading.tasks)
    assert all("—" not in task.text and "\n" not in task.text for task in reading.tasks)


def test_a_number_used_twice_is_told_apart():
    reading = read_document("一、任务\n（一）甲。（市商务局负责）\n（一）乙。（市财政局负责）\n1.丙。（市税务局负责）")
    assert [task.clause for task in reading.tasks] == ["一(一)", "一(一)[2]", "一(一)[2]1"]
    assert codes_of(reading) == ["number_repeated"]


def test_attached_texts_and_tables_are_parts_of_their_own():
    reading = read_document(
        "关于印发方案的通知\n各区：\n一、抓紧落实。（市商务局负责）\n市人民政府\n2024年1月1日\n关于口岸的方案\n一、建设。（市财政局负责）\n"
        "附件1\n序号,任务,责任单位\n1,建码头,市交通局\n1,建机场,市商务局\n"
    )
    found = [(task.part, task.clause) for task in reading.tasks]
    assert found[:2] == [(0, "一"), (1, "一")]
    assert [clause for _, clause in found[2:]] == ["1", "1-2"]
    assert len(set(found)) == 4


def test_items_below_a_noted_title_are_its_measures():
    reading = read_document(
        "一、任务\n（一）完善功能（市商务局牵头，市财政局配合）\n1.建设码头2座。\n2.开通航线。\n（二）减税降费（责任单位：市税务局）\n1.落实减税。"
    )
    assert [(task.clause, task.title) for task in reading.tasks] == [("一(一)", "完善功能"), ("一(二)", "减税降费")]
    assert [[one.text for one in task.measures] for task in reading.tasks] == [
        ["建设码头2座", "开通航线"],
        ["落实减税"],
    ]
    assert [one.text for one in reading.tasks[0].figures] == ["2座"]
    assert reading.problems == ()


def tasks_of(body: str, *, title: str = "临江市人民政府关于口岸工作的意见", signed: str = "2025年3月1日"):
    return read_document(f"{title}\n各区人民政府：\n{body}\n临江市人民政府\n{signed}\n").tasks


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("2026年6月底前完成设计；12月底前建成投用。", ["2026-06-30", "2026-12-31"]),
        ("完成2022年立项的工程，年底前投用。", ["2025-12-31"]),
        ("年内新开航线。", ["2025-12-31"]),
        ("三年内新开航线。", []),
        ("2025年9月开工，2027年二季度建成。", ["2025-09-30", "2027-06-30"]),
        ("2024年9月已建成的泊位继续使用。", []),
        ("2024年9月建成一期。", []),
    ],
)
def test_a_year_is_inherited_within_a_task_and_never_from_what_lies_behind(words, days):
    (task,) = tasks_of(f"一、口岸\n1.建设口岸。{words}（责任单位：市交通局）")
    assert [str(each.date) for each in task.deadlines] == days
    assert [each for measure in task.measures for each in measure.deadlines] == list(task.deadlines)


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("临江市2026年口岸重点任务", "2026-06-30"),
        ("临江市口岸三年行动计划（2024—2026年）", "None"),
        ("临江市口岸重点任务", "None"),
    ],
)
def test_a_document_without_a_day_speaks_of_the_year_in_its_title(title, day):
    reading = read_document(f"# {title}\n\n一、口岸\n1.建设口岸，6月底前完成。（责任单位：市交通局）\n")
    assert reading.head.title and reading.head.title.value == title
    assert [str(each.date) for each in reading.tasks[0].deadlines] == [day]


def test_when_it_must_be_done_is_no_measure():
    (task,) = tasks_of("一、口岸\n1.规范收费。责任单位：市发展改革委；配合单位：各口岸企业。完成时限：2025年9月底前")
    assert [measure.text for measure in task.measures] == []
    assert [str(each.date) for each in task.deadlines] == ["2025-09-30"]


def test_a_heading_may_say_for_its_whole_chapter_who_is_in_charge():
    tasks = tasks_of(
        "一、航线\n1.新开航线。（责任单位：市交通局）\n2.加密航班。\n"
        "二、以下任务责任单位均为市商务局，不再列出\n3.开展推介。\n4.加强培训。\n三、保障\n5.强化考核。"
    )
    assert [(task.clause, [(unit.name, unit.role) for unit in task.units]) for task in tasks] == [
        ("一1", [("市交通局", DO)]),
        ("二3", [("市商务局", DO)]),
        ("二4", [("市商务局", DO)]),
    ]


def test_a_head_in_one_line_is_parted():
    head = read_document(
        "国务院办公厅关于口岸改革的意见 国办发〔2023〕9号 各省、自治区、直辖市人民政府： 现提出以下意见。"
        "一、简化流程。（一）精简单证。（海关总署牵头） 国务院办公厅 2023年4月1日"
    ).head
    found = [head.issuer, head.number, head.title, head.addressee]
    assert [each and each.value for each in found] == [
        "国务院办公厅", "国办发〔2023〕9号", "国务院办公厅关于口岸改革的意见", "各省、自治区、直辖市人民政府",
    ]  # fmt: skip


def test_an_opening_sentence_is_no_addressee_and_may_say_who_leads():
    reading = read_document(
        "关于优化口岸环境的若干措施\n为贯彻上级部署，提出如下措施（牵头单位列首位，下同）：\n"
        "一、便利\n1、优化流程。〔临江海关、市商务局〕\n"
    )
    assert reading.head.addressee is None
    assert [(unit.name, unit.role) for unit in reading.tasks[0].units] == [("临江海关", LEAD), ("市商务局", OPEN)]
