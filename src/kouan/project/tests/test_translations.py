"""Texts are gathered from sources and templates, and compiled, without a program of the system."""

import gettext
import os

import pytest

from kouan.project import translations


@pytest.fixture
def sources(tmp_path, monkeypatch):
    app = tmp_path / "src" / "kouan" / "wharf"
    (app / "templates" / "wharf").mkdir(parents=True)
    (app / "tests").mkdir()
    (app / "tests" / "test_x.py").write_text('_("测试里的文字")')
    (app / "views.py").write_text(
        "x = _('进口清单')\n"
        "y = ngettext('%(n)s 票', '%(n)s 票货物', n)\n"
        "z = pgettext('船', '靠泊')\n"
        "w = _('English already')\n"
    )
    (app / "templates" / "wharf" / "list.html").write_text(
        "{% load i18n %}\n{% translate '到港时间' %}\n"
        "{% blocktranslate count n=n trimmed %}共 {{ n }} 条{% plural %}共 {{ n }} 条记录{% endblocktranslate %}\n"
    )
    root = tmp_path
    monkeypatch.setattr(translations, "ROOT", root)
    monkeypatch.setattr(translations, "SOURCES", root / "src" / "kouan")
    monkeypatch.setattr(translations, "ENGLISH", root / "en" / "LC_MESSAGES" / "django.po")
    return root


def test_texts_are_gathered_from_code_and_templates_and_not_from_tests(sources):
    found = {message.id for message in translations.updated_catalogue() if message.id}
    assert found == {
        "进口清单",
        ("%(n)s 票", "%(n)s 票货物"),
        "靠泊",
        "到港时间",
        ("共 %(n)s 条", "共 %(n)s 条记录"),
    }


def test_a_translation_is_kept_and_a_vanished_text_goes(sources):
    catalogue = translations.updated_catalogue()
    catalogue.get("进口清单").string = "Import list"
    catalogue.add("已删除", "Gone")
    translations.write_catalogue(catalogue)
    again = translations.updated_catalogue()
    assert again.get("进口清单").string == "Import list"
    assert again.get("已删除") is None
    assert {message.id for message in translations.untranslated(again)} >= {"到港时间", "靠泊"}
    assert "进口清单" not in {message.id for message in translations.untranslated(again)}


def test_a_catalogue_is_compiled_when_its_source_is_newer(sources):
    catalogue = translations.updated_catalogue()
    catalogue.get("进口清单").string = "Import list"
    translations.write_catalogue(catalogue)
    (compiled,) = translations.compile_catalogues(sources)
    with open(compiled, "rb") as handle:
        assert gettext.GNUTranslations(handle).gettext("进口清单") == "Import list"
    assert translations.compile_catalogues(sources) == []
    later = compiled.stat().st_mtime + 10
    os.utime(translations.ENGLISH, (later, later))
    assert translations.compile_catalogues(sources) == [compiled]
