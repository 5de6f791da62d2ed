"""The pages of ports and supervision places."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts.access import NotYours, door
from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.selectors import list_organisations, organisations_of_kinds
from kouan.audit.types import Actor
from kouan.reference.selectors import load_codes
from kouan.reference.types import Codes
from kouan.screens import pickers
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Chip, Consequence, Crumb, Emptiness, Tone
from kouan.transport import selectors, services
from kouan.transport.codes import GoodsKind, PlaceKind, PortKind
from kouan.transport.forms import EndForm, PlaceForm
from kouan.transport.types import Place, PlaceNotAcceptable, PlaceUnknown

MOST_OPERATORS = 500


def _name(row: Any) -> str:
    return (is_english() and row.name_en) or row.name_zh


def _port_name(place: Any) -> str:
    return _name(place.port) if place.port else ""


def _customs_name(place: Any, codes: Codes) -> str:
    return codes.name("customs_district", place.customs_code, get_language() or "zh") or ""


def _listed(words: Iterable[Any]) -> str:
    return (", " if is_english() else "、").join(str(word) for word in words)


def _goods(place: Any) -> str:
    return _listed(GoodsKind(kind).label for kind in place.goods_kinds)


def _gates(place: Any) -> str:
    return _listed(place.gates)


def _validity(place: Any, today: date) -> Chip:
    if place.since > today:
        return Chip(_("尚未启用"), Tone.WAITING)
    if place.until is not None and place.until <= today:
        return Chip(_("已停用"), Tone.IDLE, "minus")
    return Chip(_("在用"), Tone.DONE)


def _narrow_validity(rows: QuerySet, chosen: list[str], today: date) -> QuerySet:
    conditions = {
        "standing": Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today)),
        "ended": Q(until__lte=today),
        "future": Q(since__gt=today),
    }
    wanted = Q()
    for name in chosen:
        wanted |= conditions[name]
    return rows.filter(wanted)


def _narrow_goods(rows: QuerySet, chosen: list[str]) -> QuerySet:
    return rows.filter(goods_kinds__overlap=chosen)


PLACES = ListPage(
    key="places",
    title=gettext_lazy("监管作业场所"),
    about=gettext_lazy("海关监管作业场所、可接收的货物和卡口；按日期留存每次变更"),
    columns=[
        Column("code", gettext_lazy("场所代码"), kind="code", sort="code"),
        Column("name", gettext_lazy("名称"), _name, note=_port_name, sort="name_zh"),
        Column("kind", gettext_lazy("类型"), "get_kind_display", sort="kind", shown=False),
        Column("operator", gettext_lazy("运营单位"), "operator_label", sort="operator_label"),
        Column("goods", gettext_lazy("可接收货物"), _goods, is_long=True),
        Column("gates", gettext_lazy("卡口"), _gates, shown=False),
        Column("since", gettext_lazy("启用日期"), kind="date", sort="since", shown=False),
        Column("until", gettext_lazy("停用日期"), kind="date", sort="until", shown=False),
    ],
    filters=[
        TextFilter(
            "q",
            gettext_lazy("代码、名称、运营单位或口岸"),
            fields=["code__istartswith", "name_zh", "name_en", "operator_label", "port__name_zh"],
        ),
        ChoiceFilter("kind", gettext_lazy("类型"), choices=PlaceKind.choices),
        ChoiceFilter("goods", gettext_lazy("可接收货物"), choices=GoodsKind.choices, find=_narrow_goods),
    ],
    presets=[
        Preset("standing", gettext_lazy("在用"), {"validity": "standing"}),
        Preset("ended", gettext_lazy("已停用"), {"validity": "ended"}),
    ],
    default_sort="code",
    row_url=lambda place: reverse("place", args=[place.code]),
    empty=Emptiness(
        gettext_lazy("还没有登记监管作业场所"),
        gettext_lazy("场所的代码、运营单位和可接收货物由口岸办按海关注册信息登记"),
        icon="pin",
    ),
)

PORTS = ListPage(
    key="ports",
    title=gettext_lazy("口岸名录"),
    about=gettext_lazy("本市口岸与综合保税区；只列有公开来源的事实，其余由口岸办补录"),
    columns=[
        Column("name", gettext_lazy("名称"), _name, sort="name_zh"),
        Column("kind", gettext_lazy("类型"), "get_kind_display", sort="kind"),
        Column("domestic_port_code", gettext_lazy("国内口岸代码"), kind="code", sort="domestic_port_code"),
        Column("unlocode", gettext_lazy("联合国口岸代码"), kind="code", sort="unlocode"),
        Column("places", gettext_lazy("在用场所"), "place_count", kind="count", sort="place_count"),
        Column("source", gettext_lazy("来源"), is_long=True),
    ],
    filters=[
        TextFilter("q", gettext_lazy("名称或代码"), fields=["name_zh", "name_en", "domestic_port_code", "unlocode"]),
        ChoiceFilter("kind", gettext_lazy("类型"), choices=PortKind.choices),
    ],
    default_sort="kind",
    empty=Emptiness(gettext_lazy("还没有口岸"), icon="anchor"),
)


@require_GET
@door()
def list_places(request: HttpRequest) -> HttpResponseBase:
    """All supervision places, past and future ones too."""
    today = timezone.localdate()
    page = replace(
        PLACES,
        columns=[
            *PLACES.columns[:2],
            Column("validity", gettext_lazy("状态"), partial(_validity, today=today), kind="chip"),
            PLACES.columns[2],
            Column(
                "customs_code",
                gettext_lazy("主管海关"),
                sort="customs_code",
                note=partial(_customs_name, codes=load_codes(today)),
            ),
            *PLACES.columns[3:],
        ],
        filters=[
            *PLACES.filters,
            ChoiceFilter(
                "validity",
                gettext_lazy("状态"),
                choices=[
                    ("standing", gettext_lazy("在用")),
                    ("ended", gettext_lazy("已停用")),
                    ("future", gettext_lazy("尚未启用")),
                ],
                find=partial(_narrow_validity, today=today),
            ),
        ],
    )
    main_act = MainAct(_("登记场所"), reverse("place-new")) if _is_port_office(request) else None
    return page.respond(request, selectors.list_places().visible_to(request.user), main_act=main_act)


@require_GET
@door()
def show_place(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what it is, and every shape it had."""
    history = list(selectors.list_history(code).visible_to(request.user))
    if not history:
        raise NotYours
    today = timezone.localdate()
    codes = load_codes(today)
    shapes = [
        {
            "row": row,
            "validity": _validity(row, today),
            "goods": _goods(row),
            "gates": _gates(row),
            "port": _port_name(row),
            "customs": _customs_name(row, codes),
        }
        for row in history
    ]
    context = {
        "title": _name(history[0]),
        "shapes": shapes,
        "newest": shapes[0],
        "is_port_office": _is_port_office(request),
        "is_open": history[0].until is None,
        "crumbs": [Crumb(_("监管作业场所"), reverse("place-list"))],
    }
    return render(request, "transport/place.html", context)


@require_http_methods(["GET", "POST"])
@door(roles=[Role.PORT_OFFICE_CLERK])
def register_place(request: HttpRequest, code: str = "") -> HttpResponse:
    """Register a new place, or what a known one is from a day on."""
    known = _find_place(code) if code else None
    form = PlaceForm(
        request.POST or None,
        initial=_as_entered(known) if known else {"since": timezone.localdate()},
        ports=[(port.code, _name(port)) for port in selectors.list_ports(timezone.localdate())],
        operators=_operators(request),
        is_known=known is not None,
    )
    if request.method == "POST" and form.is_valid():
        names = dict(form.fields["operator_id"].choices)  # type: ignore[attr-defined]
        operator_id = form.cleaned_data["operator_id"]
        label = str(names[str(operator_id)]) if operator_id else ""
        try:
            place = services.register_place(
                actor=_actor(request), at=timezone.now(), operator_label=label, **form.cleaned_data
            )
        except PlaceNotAcceptable as refused:
            form.add_error(refused.field, refused.en if is_english() else refused.zh)
        else:
            messages.success(request, _("场所已登记"))
            return redirect("place", code=place.code)
    context = {
        "form": form,
        "title": _("变更场所登记") if known else _("登记场所"),
        "about": _("原登记保留到变更前一天") if known else _("按海关注册信息填写；以后的变更另存一条，原样不动"),
        "submit_label": _("登记"),
        "back_url": reverse("place", args=[code]) if known else reverse("place-list"),
        "crumbs": [Crumb(_("监管作业场所"), reverse("place-list"))],
    }
    return render(request, "transport/place_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(roles=[Role.PORT_OFFICE_CLERK])
def close_place(request: HttpRequest, code: str) -> HttpResponse:
    """End a place from a day on, after saying what that does."""
    place = _find_place(code)
    form = EndForm(request.POST or None, initial={"until": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.close_place(actor=_actor(request), at=timezone.now(), code=code, until=form.cleaned_data["until"])
        except PlaceNotAcceptable as refused:
            form.add_error(refused.field, refused.en if is_english() else refused.zh)
        else:
            messages.success(request, _("场所已停用"))
            return redirect("place", code=code)
    context = {
        "title": _("停用场所"),
        "about": f"{place.name_zh} {place.code}",
        "consequences": [
            Consequence(_("自停用之日起，申报不能再指定该场所")),
            Consequence(_("此前的办件和登记保留不变")),
        ],
        "act_label": _("停用"),
        "back_url": reverse("place", args=[code]),
        "form": form,
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context, status=422 if form.errors else 200)


def _actor(request: HttpRequest) -> Actor:
    """The person who acts; the door has let in nobody else."""
    return cast(Actor, request.user)


def _is_port_office(request: HttpRequest) -> bool:
    return request.user.has_role(Role.PORT_OFFICE_CLERK)  # type: ignore[union-attr]


def _find_place(code: str) -> Place:
    try:
        return selectors.get_place(code)
    except PlaceUnknown:
        raise NotYours from None


def _operators(request: HttpRequest) -> list[tuple[str, str]]:
    """The organisations that run places, as choices."""
    seen = list_organisations(user=request.user)  # type: ignore[arg-type]
    operators = organisations_of_kinds(seen, [OrganisationKind.SITE_OPERATOR, OrganisationKind.OPERATOR])
    running = [row for row in operators.order_by("name_zh", "id")[:MOST_OPERATORS] if row.state == "running"]
    return [(str(organisation.pk), organisation.name) for organisation in running]


def _as_entered(place: Place) -> dict[str, Any]:
    """A place as the form shows it, to be changed from today on."""
    return {
        "code": place.code,
        "name_zh": place.name_zh,
        "name_en": place.name_en,
        "kind": place.kind,
        "port_code": place.port_code,
        "customs_code": place.customs_code,
        "operator_id": str(place.operator_id or ""),
        "goods_kinds": list(place.goods_kinds),
        "gates": "\n".join(place.gates),
        "since": timezone.localdate(),
        "source": place.source,
    }


@require_GET
@door()
def list_ports(request: HttpRequest) -> HttpResponseBase:
    """The ports of entry and bonded zones, with their places of today."""
    return PORTS.respond(request, selectors.list_ports(timezone.localdate()).visible_to(request.user))


@require_GET
@door()
def pick_places(request: HttpRequest) -> HttpResponse:
    """What a picker shows for a few typed characters: the places of a day, ?q=donghu&on=2026-11-23."""
    try:
        on_date = date.fromisoformat(request.GET["on"]) if request.GET.get("on") else timezone.localdate()
    except ValueError:
        return JsonResponse({"options": []}, status=400)
    places = selectors.load_places(on_date).values()
    return pickers.respond(
        pickers.find(
            (pickers.Option(place.code, _name(place), place.customs_code) for place in places), _asked(request)
        )
    )


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:60]
