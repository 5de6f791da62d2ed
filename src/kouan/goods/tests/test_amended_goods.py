"""Versions of a goods declaration: what changed between two of them, on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.factories import make_user
from kouan.gateway.amending import describe, difference
from kouan.gateway.standards.dec.generate import client_number
from kouan.gateway.standards.statements import DEC, guide_of
from kouan.goods import selectors
from kouan.goods.factories import (
    DAY,
    PDF,
    channel_said,
    hear,
    imported,
    make_agent,
    make_channel,
    make_message,
    make_window,
    send,
)
from kouan.goods.models import GoodsDeclaration

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def _amend(declaration):
    declaration.head.gross_weight_kg = "91234.5"
    declaration.head.typist_name = "演示新录入员甲"
    first, *others = declaration.lines
    declaration.lines = [*others, first]
    first.goods_name = "演示更正品名"
    for number, line in enumerate(declaration.lines, 1):
        line.line_no = str(number)


@pytest.fixture
def row():
    agent = make_agent()
    channel = make_channel(agent.pk)
    window = make_window(make_user("port_office_clerk").organisation_id)
    at = timezone.now()
    send(channel, make_message(files={"a.pdf": PDF}), at=at)
    hear(window, imported(client_number(1, DAY)), at=at)
    hear(window, channel_said("Z", at + timedelta(minutes=1)), at=at)
    send(channel, make_message(files={"a.pdf": PDF + b"\n"}, change=_amend), at=at)
    made = GoodsDeclaration.objects.get()
    made.clerk = make_user("trader_clerk", organisation=agent)
    return made


def test_lines_are_told_by_what_they_are_and_files_by_their_content(row):
    two = selectors.statements_of(row, 1, 2)
    shown = describe(two.old, two.new, standard=DEC, on_date=timezone.localdate())
    by_label = {group.label: group for group in shown.groups}
    moved = [line for line in by_label["商品"].lines if "移至" in str(line.chip.word)]
    assert len(moved) == 1 and str(moved[0].chip.word).startswith("由第 1 项移至第 3 项")
    assert [one.label for one in by_label["重量与件数"].fields] == ["毛重"]
    [person] = by_label["个人信息"].fields
    assert person.is_masked and "新录入" not in person.new
    assert [one.label for line in by_label["其他"].lines for one in line.fields if one.name.endswith("content")] == [
        "文件内容"
    ]


def test_the_address_holds_the_two_versions(row):
    client = Client()
    client.force_login(row.clerk)
    page = client.get(reverse("goods-declaration", args=[row.pk]), {"old": "1", "new": "2"}).content.decode()
    assert "<ins>91,234.5 kg</ins>" in page and "演示更正品名" in page and "演示新录入员甲" not in page
    same = client.get(reverse("goods-declaration", args=[row.pk]), {"old": "2", "new": "2"}).content.decode()
    assert "两版申报内容相同" in same
    odd = client.get(reverse("goods-declaration", args=[row.pk]), {"old": "x", "new": "99"})
    assert odd.status_code == 200


def test_every_placed_field_is_one_of_the_standard_and_has_its_words():
    for standard in ("ceb", "dec"):
        guide = guide_of(standard)
        for field in guide.fields.values():
            assert field.word.zh and field.word.en and field.group in guide.groups
            assert field.word.zh != field.name, field.name
        for section, keys in guide.identities.items():
            assert all(f"{section}.{name}" in guide.fields for key in keys for name in key)


def test_two_equal_versions_differ_in_nothing(row):
    two = selectors.statements_of(row, 2, 2)
    assert difference(two.old, two.new, DEC).is_empty
