"""The interface for machines: one description, one shape of errors, a router from every app that has an `api.py`.

An app's `api.py` has a `router` (django-ninja) and declares every operation's door (`kouan.accounts.access`). Bodies
and parameters use strict types: a number is not a text, and what is not described is refused.
"""

from __future__ import annotations

from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from kouan.accounts.access import Refusal, public_door
from kouan.project.api_description import ABOUT, TAGS, Description
from kouan.records.problems import Problem

PREFIX = "api/v1/"


class KouanAPI(NinjaAPI):
    """Django-ninja's interface with our description."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Return the description (OpenAPI 3.1)."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(self, prefix)


def make_api() -> KouanAPI:
    """Return the interface with every app's router."""
    made = KouanAPI(
        title="口岸 Kouan",
        version="1",
        description=ABOUT,
        openapi_url="/openapi.json",
        openapi_extra={"tags": TAGS},
        servers=[{"url": "/", "description": "本系统 / this installation"}],
        docs_url="/docs",
        docs_decorator=public_door(reason="接口说明供接入单位查阅 / firms that connect read the description first"),
    )
    for app in settings.KOUAN_APPS:
        if app != "kouan.project" and find_spec(f"{app}.api"):
            made.add_router("", import_module(f"{app}.api").router)
    made.add_exception_handler(Refusal, refuse)
    made.add_exception_handler(ValidationError, refuse_content)
    made.add_exception_handler(HttpError, refuse_as_said)
    made.add_exception_handler(Http404, say_not_there)
    made.add_exception_handler(RequestDataTooBig, refuse_size)
    made.add_exception_handler(TooManyFilesSent, refuse_size)
    made.add_exception_handler(DataError, refuse_value)
    made.add_exception_handler(OperationalError, say_later)
    return made


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what a door or a service refuses, in its own words."""
    return say(request, [error.problem], error.status)


def refuse_content(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer 422: one problem for each field that is not as described."""
    problems = [
        Problem(
            code="API-CONTENT",
            pointer="/" + "/".join(str(part) for part in one["loc"]),
            severity="error",
            zh=f"该字段不符合要求：{one['msg']}",
            en=f"This field is not as required: {one['msg']}",
            fix_zh="请按接口说明填写。",
            fix_en="Give it as the description of the interface says.",
        )
        for one in error.errors
    ]
    return say(request, problems, HTTPStatus.UNPROCESSABLE_ENTITY)


def refuse_value(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer 422 for a value that the database cannot hold, such as a text with a NUL."""
    problem = Problem(
        code="API-VALUE",
        pointer="",
        severity="error",
        zh="某项内容含有无法保存的字符，或超出允许的范围。",
        en="A value has a character that cannot be kept, or is out of range.",
        fix_zh="请去掉控制字符并检查数值范围。",
        fix_en="Remove control characters and check the ranges.",
    )
    return say(request, [problem], HTTPStatus.UNPROCESSABLE_ENTITY)


def refuse_as_said(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what django-ninja itself refuses: a body that is no JSON, for one."""
    return say(
        request,
        [
            Problem(
                code="API-REQUEST",
                pointer="",
                severity="error",
                zh=f"请求无法读取：{error}",
                en=f"The request cannot be read: {error}",
                fix_zh="请检查请求的格式与编码（JSON，UTF-8）。",
                fix_en="Check the form and the encoding of the request (JSON, UTF-8).",
            )
        ],
        error.status_code,
    )


def say_not_there(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer 404 in the one shape."""
    problem = Problem(
        code="API-NOT-THERE",
        pointer="",
        severity="error",
        zh="没有找到该内容。",
        en="This is not there.",
        fix_zh="请核对地址与编号。",
        fix_en="Check the address and the number.",
    )
    return say(request, [problem], HTTPStatus.NOT_FOUND)


def refuse_size(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer 413 for a body that is too large for a form."""
    problem = Problem(
        code="API-TOO-LARGE",
        pointer="",
        severity="error",
        zh="请求内容超过规定大小。",
        en="The request is larger than the limit.",
        fix_zh="请拆分后分次发送。",
        fix_en="Split it and send the parts.",
    )
    return say(request, [problem], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def say_later(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer 503 while the database is away: nothing was taken, the sender tries again."""
    problem = Problem(
        code="API-LATER",
        pointer="",
        severity="error",
        zh="系统暂时无法处理，本次请求未被接收。",
        en="The request cannot be taken at the moment and was not.",
        fix_zh="请稍后重新发送。",
        fix_en="Send it again later.",
    )
    answer = say(request, [problem], HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = "5"
    return answer


def say(request: HttpRequest, problems: list[Problem], status: int) -> HttpResponse:
    """Answer with problems."""
    return api.create_response(request, {"problems": [one.to_dict() for one in problems]}, status=int(status))


api = make_api()
