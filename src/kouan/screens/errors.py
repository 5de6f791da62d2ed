"""Pages for what went wrong: each says what happened, whose part it is to mend it, and what to name when asking."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils import timezone

from kouan.records.problems import Problem
from kouan.screens.formats import is_english

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What one kind of error says in one language."""

    title: str
    what: str


TEXTS: dict[int, dict[str, Words]] = {
    400: {
        "zh": Words(
            "请求无法识别",
            "网址或提交的内容不完整。请返回上一页重新填写；如从书签或外部链接进入，请改从导航进入。",
        ),
        "en": Words(
            "The request could not be read",
            (
                "The address or what was sent is incomplete. Go back and enter it again; if you came by a "
                "bookmark, use the navigation."
            ),
        ),
    },
    403: {
        "zh": Words(
            "您无权办理此事",
            (
                "此页面或操作不在您的角色范围内，或页面停留过久、登录已失效。请重新登录再试；如确需办理，请联"
                "系本单位的管理员授权。"
            ),
        ),
        "en": Words(
            "You may not do this",
            (
                "This page or act is outside your roles, or your session has expired. Sign in again; if you "
                "need it, ask your unit’s administrator."
            ),
        ),
    },
    404: {
        "zh": Words(
            "没有找到",
            "网址有误，记录不存在，或不在您可见的范围内。请核对单号后用顶部的查找。",
        ),
        "en": Words(
            "Nothing was found here",
            (
                "The address is wrong, the record does not exist, or it is not visible to you. Check the "
                "number and use the search at the top."
            ),
        ),
    },
    409: {
        "zh": Words(
            "他人已先行改动",
            "您打开页面后，此记录已被更新，您的改动没有保存。请刷新查看最新内容后再办理。",
        ),
        "en": Words(
            "Someone changed it first",
            (
                "The record was updated after you opened the page, and your change was not saved. Reload to "
                "see the latest, then try again."
            ),
        ),
    },
    410: {
        "zh": Words(
            "内容已不能读取",
            "内容按月加密保存，保存期满后密钥已销毁，任何人都不能再读取；办件和审计记录不受影响。",
        ),
        "en": Words(
            "This can no longer be read",
            (
                "It was kept encrypted under the key of its month, and that key is gone. Cases and the audit "
                "are not touched by it."
            ),
        ),
    },
    413: {
        "zh": Words(
            "上传的内容过大",
            "文件或报文超出本系统接收的上限，没有被接收。请拆分后分次提交。",
        ),
        "en": Words(
            "Too large to receive",
            "The file or message is over the limit and was not taken. Split it and send the parts.",
        ),
    },
    429: {
        "zh": Words(
            "操作过于频繁",
            "短时间内的请求超出限额，本次没有办理。请稍候再试。",
        ),
        "en": Words(
            "Too many requests",
            (
                "The limit for a short time was exceeded and this request was not carried out. Wait a little "
                "and try again."
            ),
        ),
    },
    500: {
        "zh": Words(
            "系统出错，此次操作没有完成",
            ("错误已记录。未提示“已收到”或“已保存”的内容请视为没有提交，稍后重试；仍不行时请联系口岸办值班。"),
        ),
        "en": Words(
            "An error on our side; nothing was completed",
            (
                "The error is on record. Treat what was not confirmed as received or saved as not sent, and "
                "try again later; if it persists, call the port office."
            ),
        ),
    },
    503: {
        "zh": Words(
            "服务暂停",
            "系统正在维护或数据库不可用。已确认收到的申报不受影响，恢复后继续办理。",
        ),
        "en": Words(
            "The service is paused",
            (
                "The system is under maintenance or its database is away. What was confirmed as received is "
                "safe and will go on."
            ),
        ),
    },
}


def show_error(
    request: HttpRequest, status: int, *, problems: Sequence[Problem] = (), reference: str = ""
) -> HttpResponse:
    """Answer with the page of a status in both languages, the page's own first. Needs no database."""
    texts = TEXTS[status]
    first, other = ("en", "zh") if is_english() else ("zh", "en")
    context: dict[str, Any] = {
        "status": status,
        "first": texts[first],
        "other": texts[other],
        "other_language": "zh-Hans" if other == "zh" else "en",
        "problems": problems,
        "reference": reference,
        "path": request.path,
        "at": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
        "back_url": _back_url(request),
    }
    return HttpResponse(render_to_string("screens/error.html", context), status=status)


def _back_url(request: HttpRequest) -> str:
    """The page that the person came from, if it is ours."""
    referer = request.headers.get("Referer", "")
    try:
        start = f"{request.scheme}://{request.get_host()}/"
    except DisallowedHost:
        return ""
    return referer if referer.startswith(start) and referer != request.build_absolute_uri() else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return show_error(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return show_error(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return show_error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return show_error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. Stays upright when even the page cannot be made."""
    try:
        return show_error(request, 500, reference=request.headers.get("X-Request-Id", ""))
    except Exception:
        logger.exception("the page for an error could not be made")
        text = "系统出错，此次操作没有完成。 / An error on our side; nothing was completed."
        return HttpResponseServerError(text, content_type="text/plain; charset=utf-8")
