"""Access in one place: what a door declares, what a person may see, and how a refusal is said.

For a door (a view or an operation of the API)::

    @door(roles=[Role.TRADER_CLERK])     # whoever has one of these roles
    @door()                              # whoever is signed in
    @public_door(reason="…")             # everybody; the reason stands in the list of public doors
    @machine_door(authenticate)          # a machine; authenticate(request) answers who it is

A test walks every door and fails where one declares nothing.

For reads: ``class FooQuerySet(models.QuerySet)`` with ``visible_to(user)``, and ``get_visible(rows, user, pk=…)``,
which says "not yours" and "not there" in the same words. What ``visible_to`` asks of a user: ``sees_all_cases``,
``agency_code``, ``organisation_id``, ``acting_organisation_ids``, ``has_role(…)``.

For services: ``require_role(actor, Role.…)``; raise ``NotYours`` or ``NotAllowed`` where something is refused. The
middleware turns them into a page or into the one shape of problems.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Protocol, Self, TypeVar, runtime_checkable
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.views import View
from ninja.utils import check_csrf

from kouan.accounts.codes import Role
from kouan.accounts.models import User
from kouan.audit.types import Actor, SystemActor
from kouan.records.problems import Problem

Row = TypeVar("Row", bound=models.Model)
Viewed = TypeVar("Viewed", bound=Callable[..., Any])


class PersonRequest(HttpRequest):
    """A request behind a door for people: ``user`` is one of ours. A type for views, never made here."""

    user: User


class Refusal(Exception):
    """Something that a person may not do or see, as a problem in both languages."""

    status = 403

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


class NotSignedIn(Refusal):
    """Nobody is signed in, and the door is not a public one."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            _refusal(
                "ACCESS-SIGN-IN",
                "请先登录。",
                "Please sign in first.",
                "登录后重试；接口调用请带上有效凭证。",
                "Sign in and try again; a machine has to send valid credentials.",
            )
        )


class NotYours(Refusal):
    """The thing is not there, or not for this person: both are said in the same words."""

    status = 404

    def __init__(self, pointer: str = "") -> None:
        super().__init__(
            _refusal(
                "ACCESS-NOT-YOURS",
                "没有找到该内容，或者它不属于您可以查看的范围。",
                "This is not there, or not within what you may see.",
                "请核对编号；如确需查看，请联系本单位的委托方或口岸办。",
                "Check the number; if you need to see it, ask the firm you act for or the port office.",
                pointer,
            )
        )


class NotAllowed(Refusal):
    """The person may see the thing and may not do this with it."""

    def __init__(
        self,
        zh: str = "您的角色不能进行此操作。",
        en: str = "Your role does not allow this.",
        fix_zh: str = "如工作需要，请联系安全管理员调整角色。",
        fix_en: str = "If your work needs it, ask the security administrator for the role.",
        *,
        code: str = "ACCESS-NOT-ALLOWED",
        pointer: str = "",
    ) -> None:
        super().__init__(_refusal(code, zh, en, fix_zh, fix_en, pointer))


def _refusal(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str = "") -> Problem:
    return Problem(code=code, pointer=pointer, severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)


class ThePasswordMustChange(Refusal):
    """The person has a first password, or one that is too old, and has to choose another before anything else."""

    def __init__(self) -> None:
        super().__init__(
            _refusal(
                "ACCESS-PASSWORD",
                "请先修改口令。",
                "Please change your password first.",
                "首次口令和到期的口令须修改；在个人设置中修改后继续。",
                "A first password, or one that is too old, has to be changed: do so on your own page and go on.",
            )
        )


@runtime_checkable
class Visible(Protocol):
    """Rows that know who may see them; every queryset that a door can reach is one."""

    def visible_to(self, user: User) -> Self: ...


def get_visible(rows: Any, user: User, **lookup: Any) -> Any:
    """Return the one row of a queryset that the person may see; raise NotYours where there is none."""
    try:
        return rows.visible_to(user).get(**lookup)
    except rows.model.DoesNotExist:
        raise NotYours from None


def acting_organisation_ids(user: User) -> frozenset[UUID]:
    """The organisations for which a person may act: the own one and those that delegated to it; one query a request."""
    return user.acting_organisation_ids


def require_role(actor: Actor, *roles: Role) -> None:
    """Raise NotAllowed unless the actor has one of the roles; a part of the system needs none."""
    if isinstance(actor, SystemActor):
        return
    if not isinstance(actor, User) or not actor.is_active or not actor.has_role(*roles):
        raise NotAllowed


@dataclass(frozen=True)
class Door:
    """Who may pass: ``roles`` (empty: whoever is signed in), or everybody, or a machine with its own credentials.

    ``first_step``: open also to a person who still has to change a first password.
    """

    roles: frozenset[Role] = frozenset()
    is_public: bool = False
    reason: str = ""
    first_step: bool = False
    authenticate: Callable[[HttpRequest], Any] | None = None

    def admits(self, user: User) -> bool:
        """Whether a person who is signed in may pass."""
        return self.is_public or not self.roles or user.has_role(*self.roles)

    def check(self, request: HttpRequest) -> None:
        """Let the request pass or raise NotSignedIn or NotAllowed."""
        if self.is_public:
            return
        if self.authenticate:
            principal = self.authenticate(request)
            if principal is None:
                raise NotSignedIn
            request.principal = principal  # type: ignore[attr-defined]
            return
        if not request.user.is_authenticated:
            raise NotSignedIn
        request.user.request_id = getattr(request, "request_id", "")  # type: ignore[union-attr]
        if request.user.has_to_change_password and not self.first_step:  # type: ignore[union-attr]
            raise ThePasswordMustChange
        if not self.admits(request.user):  # type: ignore[arg-type]
            raise NotAllowed


def door(*, roles: Iterable[Role] = (), first_step: bool = False) -> Callable[[Viewed], Viewed]:
    """Declare a view, or an operation of the API, open to people with one of these roles; with none, to all signed in.

    The decorator stands nearest to the function: below ``@api.get(…)`` and Django's own decorators.
    """
    return _declare(Door(roles=frozenset(roles), first_step=first_step))


def public_door(*, reason: str) -> Callable[[Viewed], Viewed]:
    """Declare a view open to everybody, and say why."""
    return _declare(Door(is_public=True, reason=reason))


def machine_door(authenticate: Callable[[HttpRequest], Any]) -> Callable[[Viewed], Viewed]:
    """Declare a view open to machines. ``authenticate`` answers who calls (request.principal), or None."""
    return _declare(Door(authenticate=authenticate))


def door_of(view: Any) -> Door | None:
    """What a view declares; None where it declares nothing."""
    return getattr(view, "door", None)


def _declare(declared: Door) -> Callable[[Viewed], Viewed]:
    def declare(view: Any) -> Any:
        if isinstance(view, type) and issubclass(view, View):
            view.dispatch = _guard(view.dispatch, declared, request_at=1)  # type: ignore[method-assign]
            return view
        return _guard(view, declared, request_at=0)

    return declare


def _guard(view: Callable[..., Any], declared: Door, *, request_at: int) -> Any:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request = args[request_at]
        if getattr(request, "passed", None) is not declared:
            declared.check(request)
        return view(*args, **kwargs)

    guarded.door = declared  # type: ignore[attr-defined]
    guarded._ninja_contribute_to_operation = [partial(_guard_operation, declared)]  # type: ignore[attr-defined]
    try:
        # django-ninja reads annotations in the namespace of the outermost function: give them to it as types.
        guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    except NameError:
        pass
    return guarded


def _guard_operation(declared: Door, operation: Any) -> None:
    """Let an operation of django-ninja ask at the door before it reads its input.

    The API exempts its operations from Django's own look at forged requests, so a person's session is looked at here.
    """

    def ask(request: HttpRequest) -> bool:
        if not declared.is_public and not declared.authenticate and check_csrf(request):
            raise NotAllowed(
                "请求缺少防伪令牌。",
                "The token against forged requests is missing.",
                "请从系统页面发起请求；接口程序请使用接口令牌。",
                "Call from a page of the system; a program uses a token of its own.",
                code="ACCESS-CSRF",
            )
        declared.check(request)
        request.passed = declared  # type: ignore[attr-defined]
        return True

    operation.auth_param, operation.auth_callbacks = ask, [ask]
