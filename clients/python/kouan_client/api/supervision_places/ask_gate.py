from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.gate_in import GateIn
from ...models.gate_out import GateOut
from ...models.problems import Problems
from ...types import Response


def _get_kwargs(
    *,
    body: GateIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/site/gate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> GateOut | Problems | None:
    if response.status_code == 200:
        response_200 = GateOut.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problems.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problems.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problems.from_dict(response.json())

        return response_403

    if response.status_code == 413:
        response_413 = Problems.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = Problems.from_dict(response.json())

        return response_422

    if response.status_code == 503:
        response_503 = Problems.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[GateOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: GateIn,
) -> Response[GateOut | Problems]:
    """卡口核放 May this leave?

     能否离场：只有收到对现版本的官方放行回执才答“能”；同一编号下的清单和报关单须全部放行。每次查询和答复都留存。

    Whether goods may leave: yes only on official releases of the current versions that were received,
    of every parcel
    and every goods declaration that the number stands for. Every question is kept with its answer.

    Args:
        body (GateIn): 卡口上的一个编号 / a number at a gate

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GateOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: GateIn,
) -> GateOut | Problems | None:
    """卡口核放 May this leave?

     能否离场：只有收到对现版本的官方放行回执才答“能”；同一编号下的清单和报关单须全部放行。每次查询和答复都留存。

    Whether goods may leave: yes only on official releases of the current versions that were received,
    of every parcel
    and every goods declaration that the number stands for. Every question is kept with its answer.

    Args:
        body (GateIn): 卡口上的一个编号 / a number at a gate

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GateOut | Problems
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: GateIn,
) -> Response[GateOut | Problems]:
    """卡口核放 May this leave?

     能否离场：只有收到对现版本的官方放行回执才答“能”；同一编号下的清单和报关单须全部放行。每次查询和答复都留存。

    Whether goods may leave: yes only on official releases of the current versions that were received,
    of every parcel
    and every goods declaration that the number stands for. Every question is kept with its answer.

    Args:
        body (GateIn): 卡口上的一个编号 / a number at a gate

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GateOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: GateIn,
) -> GateOut | Problems | None:
    """卡口核放 May this leave?

     能否离场：只有收到对现版本的官方放行回执才答“能”；同一编号下的清单和报关单须全部放行。每次查询和答复都留存。

    Whether goods may leave: yes only on official releases of the current versions that were received,
    of every parcel
    and every goods declaration that the number stands for. Every question is kept with its answer.

    Args:
        body (GateIn): 卡口上的一个编号 / a number at a gate

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GateOut | Problems
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
