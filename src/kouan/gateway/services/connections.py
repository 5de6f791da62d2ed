"""Channels: opening, changing, closing and finding them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, NotYours
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway import key_files, rules
from kouan.gateway.codes import Carrier, Carries, Side, SignaturePolicy
from kouan.gateway.models import Connection, Credential
from kouan.gateway.rules import TheAddressIsWrong, TheConnectionDoesNotFit

if TYPE_CHECKING:
    from kouan.accounts.models import User


def open_connection(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    carrier: Carrier,
    at: datetime,
    side: Side = Side.ENTERPRISE,
    cop_code: str = "",
    dxp_id: str = "",
    address: str = "",
    wraps_dxp: bool = False,
    carries: Carries = Carries.PARCELS,
    only_saves: bool = True,
    signature_policy: SignaturePolicy = SignaturePolicy.REQUIRE,
    is_demo: bool = False,
) -> Connection:
    """Open a channel for an organisation, as a part of the system; people open theirs by `open_asked`."""
    channel = Connection.objects.create(
        organisation_id=organisation_id,
        name=name,
        side=side,
        carrier=carrier,
        cop_code=cop_code,
        dxp_id=dxp_id,
        address=address,
        wraps_dxp=wraps_dxp,
        carries=carries,
        only_saves=only_saves,
        signature_policy=signature_policy,
        is_demo=is_demo,
        created_at=at,
    )
    audit.record(actor=actor, act="open_connection", subject_kind="connection", subject_id=channel.id, at=at)
    return channel


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of a channel.

    owner_code: whose channel it shall be, by customs or credit code; empty for one's own organisation. address: only
    for the national side, since a firm's folder gets its place from its code. authorities: PEM of the certificates that
    alone may vouch for the server; empty for those that the system trusts.
    """

    name: str
    side: Side
    carrier: Carrier
    signature_policy: SignaturePolicy = SignaturePolicy.REQUIRE
    owner_code: str = ""
    cop_code: str = ""
    dxp_id: str = ""
    address: str = ""
    authorities: bytes = b""
    carries: Carries = Carries.PARCELS
    wraps_dxp: bool = False
    only_saves: bool = True


@transaction.atomic
def open_asked(*, user: User, wanted: Wanted, at: datetime) -> Connection:
    """Open a channel that a person asks for.

    Raises NotAllowed, TheAddressIsWrong, TheConnectionDoesNotFit, TheFileIsWrong.
    """
    if not user.has_role(*rules.OPENERS) or wanted.side not in rules.sides_for(user):
        raise NotAllowed
    _check_policy(user, wanted)
    owner = _owner_of(user, wanted)
    channel = open_connection(
        actor=user,
        organisation_id=owner.pk,
        name=wanted.name,
        side=wanted.side,
        carrier=wanted.carrier,
        cop_code=wanted.cop_code,
        address=_address_of(wanted, owner.customs_code or owner.uscc or owner.pk.hex),
        signature_policy=wanted.signature_policy,
        dxp_id=wanted.dxp_id,
        at=at,
        **_profile_of(wanted),
    )
    _trust(channel, wanted)
    return channel


@transaction.atomic
def change_connection(*, user: User, connection_id: UUID, wanted: Wanted, at: datetime) -> Connection:
    """Change a channel; its owner, its other side and what moves its bytes stay.

    Raises NotYours, NotAllowed, TheAddressIsWrong, TheConnectionDoesNotFit, TheFileIsWrong.
    """
    channel = lock_kept(user, connection_id)
    if wanted.signature_policy != channel.signature_policy:
        _check_policy(user, wanted)
    before = {name: getattr(channel, name) for name in _CHANGEABLE}
    channel.name, channel.signature_policy = wanted.name, wanted.signature_policy
    channel.cop_code, channel.dxp_id = wanted.cop_code, wanted.dxp_id
    if channel.side == Side.NATIONAL:
        channel.address = _national_address(wanted, channel)
        for name, value in _profile_of(wanted).items():
            setattr(channel, name, value)
        _check_profile(wanted, channel)
    after = {name: getattr(channel, name) for name in _CHANGEABLE}
    changed = {name: str(after[name])[:300] for name in _CHANGEABLE if after[name] != before[name]}
    if channel.retry_at is not None:
        channel.retry_at = at
    channel.save(update_fields=[*_CHANGEABLE, "retry_at"])
    _trust(channel, wanted)
    _record(user, "change_connection", channel, at, **changed)
    return channel


_CHANGEABLE = (
    "name", "signature_policy", "cop_code", "dxp_id", "address", "carries", "wraps_dxp", "only_saves",
)  # fmt: skip


@transaction.atomic
def close_connection(*, user: User, connection_id: UUID, at: datetime) -> None:
    """Take nothing from a channel and send nothing to it any more; what waits for it waits. Raises NotYours."""
    channel = lock_kept(user, connection_id)
    if channel.is_active:
        Connection.objects.filter(pk=channel.pk).update(is_active=False, failing_since=None, retry_at=None)
        _record(user, "close_connection", channel, at)


@transaction.atomic
def reopen_connection(*, user: User, connection_id: UUID, at: datetime) -> None:
    """Use a closed channel again; what waited goes out in order. Raises NotYours, TheConnectionDoesNotFit."""
    channel = lock_kept(user, connection_id)
    if not channel.is_active:
        _refuse_second_national(channel.side, channel.carries, channel)
        Connection.objects.filter(pk=channel.pk).update(is_active=True, last_error="")
        _record(user, "reopen_connection", channel, at)


def desk_of(*, organisation_id: UUID, at: datetime) -> Connection:
    """Find the channel that stands for a firm's own pages here, opening it at first use."""
    channel, _ = Connection.objects.get_or_create(
        organisation_id=organisation_id,
        carrier=Carrier.DESK,
        defaults={"name": "页面录入", "side": Side.ENTERPRISE, "created_at": at},
    )
    return channel


def channels_of(ids: Iterable[UUID]) -> dict[UUID, Connection]:
    """Find channels by id."""
    return Connection.objects.in_bulk(list(ids))


def national_channel(carries: Carries = Carries.PARCELS) -> Connection | None:
    """Find the channel to the national side for a business, if one is open."""
    open_ones = Connection.objects.filter(side=Side.NATIONAL, is_active=True, carries=carries)
    return open_ones.order_by("created_at").first()


# What has to hold ----------------------------------------------------------------------------------------------------


def lock_visible(user: User, connection_id: UUID) -> Connection:
    """Lock a channel that a person may see; raise NotYours."""
    channel = Connection.objects.visible_to(user).select_for_update().filter(pk=connection_id).first()
    if channel is None:
        raise NotYours
    return channel


def lock_kept(user: User, connection_id: UUID) -> Connection:
    """Lock a channel that a person may change and close; raise NotYours."""
    channel = lock_visible(user, connection_id)
    if not rules.may_keep(user, channel):
        raise NotYours
    return channel


def _check_policy(user: User, wanted: Wanted) -> None:
    if wanted.signature_policy not in rules.policies_for(user, side=wanted.side):
        raise NotAllowed(
            "放宽验签要求须由系统管理员办理。", "Only the system administrator loosens the check of signatures.",
            "请选择“必须验签通过”，或联系系统管理员。",
            "Choose that signatures are required, or ask the administrator.",
            code="-983008", pointer="signature_policy",
        )  # fmt: skip


def _owner_of(user: User, wanted: Wanted):
    """Find whose channel it shall be. Raises TheConnectionDoesNotFit."""
    code = wanted.owner_code.strip().upper()
    if wanted.side == Side.NATIONAL or not user.is_system_admin:
        return user.organisation
    found = accounts.organisation_ids_by_code([code]).get(code) if code else None
    if found is None:
        raise TheConnectionDoesNotFit(
            "-983005", "owner_code", "没有这个单位代码的单位。", "There is no organisation of this code.",
            "请填海关注册编码或统一社会信用代码；新单位请先登记。",
            "Give its customs or credit code; enter a new organisation first.",
        )  # fmt: skip
    return accounts.get_organisation_for(user=user, pk=found)


def _profile_of(wanted: Wanted) -> dict:
    """Which business a channel to the national side carries, and in which envelope; others carry what comes."""
    if wanted.side != Side.NATIONAL:
        return {}
    is_parcels = wanted.carries == Carries.PARCELS
    return {
        "carries": wanted.carries,
        "wraps_dxp": wanted.wraps_dxp and is_parcels,
        "only_saves": wanted.only_saves if not is_parcels else True,
    }


def _check_profile(wanted: Wanted, channel: Connection | None) -> None:
    if wanted.carries == Carries.PARCELS and wanted.wraps_dxp and not wanted.dxp_id:
        raise TheConnectionDoesNotFit(
            "-983009", "dxp_id", "使用 DXP 信封须填报文传输编号。", "A DXP envelope needs the number of the sender.",
            "填数据交换平台分配的用户编号。", "Give the number that the exchange platform assigned.",
        )  # fmt: skip
    if channel is None or channel.is_active:
        _refuse_second_national(Side.NATIONAL, wanted.carries, channel)


def _refuse_second_national(side: str, carries: str, channel: Connection | None) -> None:
    """Each business has one way to the national side, so that everything goes in order."""
    if side != Side.NATIONAL:
        return
    others = Connection.objects.filter(side=Side.NATIONAL, is_active=True, carries=carries)
    if others.exclude(pk=channel.pk if channel else None).exists():
        raise TheConnectionDoesNotFit(
            "-983006", "carries", "该业务已有启用的国家侧连接。",
            "This business has an open connection to the national side already.",
            "请修改现有连接，或先停用。", "Change that one, or close it first.",
        )  # fmt: skip


def _address_of(wanted: Wanted, code: str) -> str:
    if wanted.side == Side.NATIONAL:
        _check_profile(wanted, None)
        return _national_address(wanted, None)
    return _free_folder(f"firms/{code}") if wanted.carrier == Carrier.FOLDER else ""


def _national_address(wanted: Wanted, channel: Connection | None) -> str:
    carrier = channel.carrier if channel else wanted.carrier
    if carrier == Carrier.HTTP:
        shows = channel is not None and Credential.objects.filter(connection=channel).exists()
        return rules.check_url(wanted.address, shows_credential=shows)
    folder = rules.check_folder(wanted.address)
    others = Connection.objects.filter(carrier=Carrier.FOLDER).exclude(pk=channel.pk if channel else None)
    if any(rules.overlaps(folder, taken) for taken in others.values_list("address", flat=True)):
        raise TheAddressIsWrong(
            "-983011", "address", "该文件夹已由其他连接使用，或互相包含。",
            "Another connection uses this folder, or one lies within the other.", "请换一个文件夹。", "Choose another.",
        )  # fmt: skip
    return folder


def _free_folder(wanted: str) -> str:
    """Give a firm's folder, with a number behind where the firm has several."""
    taken = set(Connection.objects.filter(address__startswith=wanted).values_list("address", flat=True))
    return next(name for number in range(1, len(taken) + 2) if (name := _numbered(wanted, number)) not in taken)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _trust(channel: Connection, wanted: Wanted) -> None:
    """Keep which certificates may vouch for the server; an upload replaces them, none leaves them."""
    if wanted.authorities and channel.side == Side.NATIONAL and channel.carrier == Carrier.HTTP:
        channel.authorities = key_files.read_authorities(wanted.authorities)
        channel.save(update_fields=["authorities"])


def _record(user: User, act: str, channel: Connection, at: datetime, **detail: str) -> None:
    audit.record(actor=user, act=act, subject_kind="connection", subject_id=channel.pk, at=at, detail=detail)
