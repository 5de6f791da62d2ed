"""The description of the interface for machines (OpenAPI 3.1): what every operation takes, answers and refuses.

Which errors an operation can give follows from what it takes; what its service refuses besides it names itself
(``x-errors`` in its ``openapi_extra``). The examples stand in ``api_examples.json``, recorded from calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from kouan.accounts.access import door_of

EXAMPLES = Path(__file__).with_name("api_examples.json")
JSON = "application/json"

ABOUT = """\
城市口岸综合管理系统的接口。The interface of a system that runs a city's ports of entry.

**身份 Who calls** — 连接的令牌：`Authorization: Bearer …`，由企业管理员在连接页发放、更换、作废，作废后五秒内失效。
令牌有截止日期和范围（send 报送，fetch 取回执，look 查询，site 场所作业），还可限定单证；范围不足答 403 并写明所需，
到期或作废答 401 并写明何时。更换时新旧令牌并行一段时间。
A token of the connection, issued, replaced and revoked by the firm's administrator. It has a last day and scopes
(named with every operation) and may be limited to kinds of documents: 403 names what is missing, 401 says when a token
ended or was revoked. A token and its successor hold side by side for a while.

**错误 Errors** — 一律为 `{"problems": […]}`：代码、字段位置、中英文说明、如何改正。401、403、404 之外，
不因内容对错而拒收报文；内容的问题以回执告知。Always one shape: code, pointer, what is wrong and how to mend it.

**幂等 Idempotency** — 未收到答复、或答 503 时，以原内容重发即可：报文以 guid 和内容识别，到货、确认以编号识别，
重复不产生第二次作用。After no answer, or 503, send the same again: nothing happens twice.

**分页 Paging** — 没有页码。回执取一批、确认一批（`fetchReceipts`、`confirmReceipts`）；查询按编号，结果有界。
There are no page numbers: fetch and confirm receipts until none is left; searches are by number and bounded.

**时间 Times** — 带时区（RFC 3339）。With their zone. **编码 Encoding** — UTF-8；报文按其自带声明。

**状态 States** — 办件：awaiting_documents 待对碰、mismatched 对碰不一致、awaiting_forwarding 待转发、
awaiting_answer 待答复、returned_for_correction 退单、under_inspection 查验中、held 挂起、detained 扣留、refused 退运、
released_with_conditions 附条件放行、released 已放行、closed 已结关、returning 退货办理中、
goods_returned 已退货、withdrawn 已撤回、unknown_official 未知官方状态。
报关单：awaiting_channel 待发送、sent 已发送、import_failed 导入失败、saved 已暂存、declared 已申报、
declaring_failed 申报失败、received 海关入库、file_wanted 待补附件、by_hand 转人工、not_accepted 不接受申报、
returned 退单、examined 审结、examined_again 重新审核、tax_due 待缴税、inspected 查验、guaranteed 担保放行、
released 已放行、closed 已结关、deleted 已删单、unknown_official 未知官方状态。
海关的决定只作转达：放行只出自收到的官方回执。Customs' decisions are only relayed.
"""

TAGS = [
    {"name": "报文 Messages", "description": "报送报文，取回执，确认回执 / send messages, fetch and confirm receipts"},
    {
        "name": "申报 Declarations",
        "description": "报文的处理结果，申报的状态 / what became of messages and declarations",
    },
    {
        "name": "报关单 Goods declarations",
        "description": "报关单的状态 / where goods declarations stand",
    },
    {
        "name": "监管场所 Supervision places",
        "description": "场所自有系统：到货、卡口、离场 / systems of supervision places: arrivals, gate, leaving",
    },
]

ERRORS = {
    HTTPStatus.BAD_REQUEST: "请求无法读取 / the request cannot be read",
    HTTPStatus.UNAUTHORIZED: "未登录，或凭证无效、到期、作废 / not signed in, or credentials unknown, ended or revoked",
    HTTPStatus.FORBIDDEN: "令牌范围、角色、委托或现状不允许 / scope, role, delegation or state do not allow this",
    HTTPStatus.NOT_FOUND: "不存在，或不在可见范围 / not there, or not within sight",
    HTTPStatus.CONFLICT: "与已有内容冲突，未作任何更改 / in conflict with what is there; nothing was changed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "超过规定大小 / larger than the limit",
    HTTPStatus.UNPROCESSABLE_ENTITY: "内容不符合要求 / the content is not as required",
    HTTPStatus.SERVICE_UNAVAILABLE: "暂时无法处理，未被接收，请稍后重发 / not now and not taken; send it again later",
}
"""What operations may answer besides their success, in words."""

RETRY_AFTER = {"Retry-After": {"description": "几秒后重发 / seconds to wait", "schema": {"type": "integer"}}}
SECURITY = {
    "ChannelToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "连接的令牌，须含所列范围 / a token of a connection that covers the scopes that are named",
    },
    "Session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "登录后的会话 / signed in"},
}
TEXT = {"type": "string"}
PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "一个问题：何处、何事、如何改正 / one thing that is wrong, where, and how to mend it",
    "type": "object",
    "properties": {
        "code": {**TEXT, "description": "问题代码 / code of the problem"},
        "pointer": {**TEXT, "description": "字段位置，空为整体 / the field that it is about, empty for the whole"},
        "severity": {"type": "string", "enum": ["error", "warning"], "title": "Severity"},
        **dict.fromkeys(("zh", "en", "fix_zh", "fix_en"), TEXT),
    },
    "required": ["code", "pointer", "severity", "zh", "en", "fix_zh", "fix_en"],
}
PROBLEMS_SCHEMA = {
    "title": "Problems",
    "description": "所有错误的统一格式 / the one shape of everything that is refused",
    "type": "object",
    "properties": {"problems": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}},
    "required": ["problems"],
}


@cache
def recorded() -> dict[str, Any]:
    """Give the recorded calls by operation: ``request`` and, by status, ``responses``."""
    return json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}


class Description(OpenAPISchema):
    """The description of the interface: every operation says who may call it, how it can fail, and shows a call."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Describe one operation, with the call that was recorded of it."""
        details = deepcopy(super().operation_details(operation))
        details.pop("x-errors", None)
        call = recorded().get(str(operation.operation_id), {})
        _show_request(details, call.get("request", {}))
        for status, body in call.get("responses", {}).items():
            content = details["responses"][int(status)].setdefault("content", {}).setdefault(JSON, {})
            content["examples"] = {"recorded": {"summary": "实际调用 / as called", "value": body}}
        return details

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Add the errors that the operation can give to its success."""
        errors: dict[int, dict[str, Any]] = {
            int(status): {
                "description": ERRORS[status],
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Problems"}}},
            }
            for status in errors_of(operation)
        }
        if (later := int(HTTPStatus.SERVICE_UNAVAILABLE)) in errors:
            errors[later]["headers"] = RETRY_AFTER
        own = super().responses(operation)
        for status, told in own.items():
            told["description"] = ERRORS.get(HTTPStatus(status), "成功 / done")
        return dict(sorted((errors | own).items()))

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """Say how its door knows who calls."""
        passed = door_of(operation.view_func)
        if passed is None or passed.is_public:
            return None
        scope = getattr(passed.authenticate, "scope", None)
        return [{"ChannelToken": [str(scope)] if scope else []} if passed.authenticate else {"Session": []}]

    def get_components(self) -> dict[str, Any]:
        """Add the one shape of problems and the two ways to be known."""
        components = super().get_components()
        components["schemas"] = {
            **components.get("schemas", {}),
            "Problem": PROBLEM_SCHEMA,
            "Problems": PROBLEMS_SCHEMA,
        }
        components["securitySchemes"] = SECURITY
        return components


def errors_of(operation: Operation) -> list[HTTPStatus]:
    """Give the errors that an operation can answer with: by its door, by what it takes, and what it names itself."""
    return sorted(set(_errors_of(operation)))


def _errors_of(operation: Operation) -> Iterator[HTTPStatus]:
    extra = operation.openapi_extra or {}
    passed = door_of(operation.view_func)
    if passed is not None and not passed.is_public:
        yield HTTPStatus.UNAUTHORIZED
        if passed.authenticate:
            yield HTTPStatus.FORBIDDEN
    takes = {model.__ninja_param_source__ for model in operation.models}
    if takes:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    if "body" in takes:
        yield HTTPStatus.BAD_REQUEST
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    yield HTTPStatus.SERVICE_UNAVAILABLE
    yield from (HTTPStatus(status) for status in extra.get("x-errors", ()))


def _show_request(details: dict[str, Any], request: dict[str, Any]) -> None:
    """Put a recorded request where the description has room for it: parameters and body."""
    for parameter in details.get("parameters", ()):
        if parameter["name"] in request.get("parameters", {}):
            parameter["example"] = request["parameters"][parameter["name"]]
    if "body" in request:
        content = details["requestBody"]["content"][request.get("content_type", JSON)]
        content["examples"] = {"recorded": {"summary": "实际调用 / as called", "value": request["body"]}}
