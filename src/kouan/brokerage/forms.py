"""Forms of the libraries and of batches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kouan.brokerage.models import Article, Client
from kouan.brokerage.services.keeping import ARTICLE_FIELDS, CLIENT_FIELDS
from kouan.reference.types import Codes

CODED = {
    "trade_mode": "trade_mode", "customs_code": "customs_district", "unit": "unit", "legal_unit": "unit",
    "second_unit": "unit", "origin_country": "country", "currency": "currency", "district_code": "domestic_district",
    "duty_mode": "cit_duty_mode",
}  # fmt: skip
_NEEDED = {"code", "name", "article_no", "hs_code"}


class EntryForm(forms.Form):
    """One version of an entry; its fields are the columns of the library, its codes are picked."""

    kind: type[Model]
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, codes: Codes | None = None, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*self.keys, *self.names):
            column = self.kind._meta.get_field(name)
            label = self.labels.get(name, column.verbose_name)  # type: ignore[union-attr]
            made = forms.CharField(label=label, max_length=column.max_length, required=name in _NEEDED)  # type: ignore[union-attr]
            if name in self.keys and not is_new:
                made.widget.attrs["readonly"] = True
            self.fields[name] = made
        for name in CODED.keys() & self.fields.keys():
            attrs = {"data-picker": reverse("pick-codes", args=[CODED[name]])}
            held = str(self[name].value() or "").strip()
            known = codes.name(CODED[name], held, get_language() or "zh") if codes and held else None
            self.fields[name].widget.attrs |= attrs | ({"data-name": known} if known else {})


class ClientForm(EntryForm):
    """A client as the firm's declarations usually say it."""

    kind = Client
    keys = ("code",)
    names = CLIENT_FIELDS


class ArticleForm(EntryForm):
    """An article as the firm declares it."""

    kind = Article
    keys = ("article_no", "client_code")
    names = ARTICLE_FIELDS
    labels = {"name": _("商品名称")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_code"].widget.attrs["data-picker"] = reverse("pick-broker-clients")


class SheetForm(forms.Form):
    """A spreadsheet of a library."""

    file = forms.FileField(
        label=_("表格文件（xlsx 或 csv）"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"})
    )
