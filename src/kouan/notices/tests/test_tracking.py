"""The public tracking page: stage and turn to whoever holds the paper, nothing else, and not to guessers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.kernel.identifiers import uuid7
from kouan.notices import tracking
from kouan.notices.services import tracking as service
from kouan.notices.tracking import LENGTH, Tracked, check_value, find_tracked, plain_check

AT = timezone.now()
ONE, OTHER = uuid7(), uuid7()


@pytest.fixture(autouse=True)
def two_of_one_number(monkeypatch):
    """Two cases of different firms with the same number."""

    def find(number: str) -> list[Tracked]:
        made = [Tracked(case, "进口清单", "N-1", "released", "case", whose, AT)
                for case, whose in ((ONE, "监管场所"), (OTHER, "海关"))]  # fmt: skip
        return made if number == "N-1" else []

    monkeypatch.setattr(tracking, "_finders", [find])


def test_it_works():
    assert find_tracked("N-1", check_value(ONE)).id == ONE
    assert find_tracked(" N-1 ", check_value(OTHER).lower().replace("-", " ")).id == OTHER
    assert find_tracked("N-2", check_value(ONE)) is None


@pytest.mark.parametrize("check", ["", "--------", "K7QM2F9", "K7QM2F9AA", "令令令令令令令令", "\x00" * 8])
def test_a_check_that_is_none_finds_nothing(check):
    assert find_tracked("N-1", check) is None


def test_check_values_differ_and_have_no_confusable_signs():
    values = {check_value(uuid7()) for _ in range(500)}
    assert len(values) == 500
    assert not set("01IO") & set("".join(values))
    assert all(len(plain_check(value)) == LENGTH for value in values)


def test_a_key_of_another_installation_gives_other_values(settings):
    before = check_value(ONE)
    settings.KOUAN_TRACKING_KEY = b"another"
    assert check_value(ONE) != before


@pytest.mark.django_db
@pytest.mark.service
class TestThePage:
    def test_it_shows_stage_and_turn_and_sets_no_cookie(self, client):
        page = client.get(reverse("track"), {"number": "N-1", "check": check_value(ONE)})
        text = page.content.decode()
        assert "已放行" in text and "监管场所" in text and "海关</dd>" not in text
        assert page["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in page["Cache-Control"]
        assert "sessionid" not in page.cookies

    def test_a_wrong_value_and_an_unknown_number_are_said_in_the_same_words(self, client):
        wrong = client.get(reverse("track"), {"number": "N-1", "check": check_value(uuid7())})
        unknown = client.get(reverse("track"), {"number": "N-9", "check": check_value(ONE)})
        assert wrong.status_code == unknown.status_code == 200
        assert "没有查到" in wrong.content.decode() and "没有查到" in unknown.content.decode()

    def test_guessing_ends_after_ten_and_goes_on_after_a_quarter_of_an_hour(self):
        for _ in range(service.MOST_FAILURES):
            assert service.track(number="N-1", check="22222222", address="10.9.8.7", at=AT) is None
        with pytest.raises(service.ThereAreTooManyLooks):
            service.track(number="N-1", check=check_value(ONE), address="10.9.8.7", at=AT)
        assert service.track(number="N-1", check=check_value(ONE), address="10.9.8.8", at=AT)
        later = AT + service.FAILURES_COUNT_FOR + timedelta(seconds=1)
        assert service.track(number="N-1", check=check_value(ONE), address="10.9.8.7", at=later)

    def test_thirty_a_minute_are_enough(self):
        for _ in range(service.MOST_LOOKS_A_MINUTE):
            assert service.track(number="N-1", check=check_value(ONE), address="10.9.8.7", at=AT)
        with pytest.raises(service.ThereAreTooManyLooks):
            service.track(number="N-1", check=check_value(ONE), address="10.9.8.7", at=AT)
        assert service.forget_old_looks(at=AT + timedelta(hours=1)) == service.MOST_LOOKS_A_MINUTE

    def test_the_page_says_when_it_is_too_often(self, client, monkeypatch):
        monkeypatch.setattr(service, "MOST_FAILURES", 0)
        page = client.get(reverse("track"), {"number": "N-1", "check": check_value(ONE)})
        assert page.status_code == 429 and "查询过于频繁" in page.content.decode()
