from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problems import Problems
from ...models.receipts_out import ReceiptsOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/receipts",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problems | ReceiptsOut | None:
    if response.status_code == 200:
        response_200 = ReceiptsOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problems.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problems.from_dict(response.json())

        return response_403

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problems | ReceiptsOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
) -> Response[Problems | ReceiptsOut]:
    """取回执 Fetch receipts

     本通道待取的回执，最早的在前；确认之前每次都会再给出。

    **分页**：没有页码。取一批、存妥、确认（`confirmReceipts`），再取下一批，直到取空。保存期满、原文已删除而未取走的
    回执不占名额，列在 `erased`，注明何时、依据什么删除；官方状态仍可查询。

    The answers that wait for this channel, oldest first; they are given again until they are confirmed.
    **Paging** has
    no page numbers: fetch, keep, confirm, and fetch again until none is left. Answers whose retention
    ended before
    they were fetched take nobody's place: they stand under `erased` with the reason, and their official
    status can
    still be asked for.

    Args:
        limit (int | Unset): 至多取几份，1 至 500，超出按边界取 / how many at most; beyond it, the bound
            Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problems | ReceiptsOut]
    """

    kwargs = _get_kwargs(
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
) -> Problems | ReceiptsOut | None:
    """取回执 Fetch receipts

     本通道待取的回执，最早的在前；确认之前每次都会再给出。

    **分页**：没有页码。取一批、存妥、确认（`confirmReceipts`），再取下一批，直到取空。保存期满、原文已删除而未取走的
    回执不占名额，列在 `erased`，注明何时、依据什么删除；官方状态仍可查询。

    The answers that wait for this channel, oldest first; they are given again until they are confirmed.
    **Paging** has
    no page numbers: fetch, keep, confirm, and fetch again until none is left. Answers whose retention
    ended before
    they were fetched take nobody's place: they stand under `erased` with the reason, and their official
    status can
    still be asked for.

    Args:
        limit (int | Unset): 至多取几份，1 至 500，超出按边界取 / how many at most; beyond it, the bound
            Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problems | ReceiptsOut
    """

    return sync_detailed(
        client=client,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
) -> Response[Problems | ReceiptsOut]:
    """取回执 Fetch receipts

     本通道待取的回执，最早的在前；确认之前每次都会再给出。

    **分页**：没有页码。取一批、存妥、确认（`confirmReceipts`），再取下一批，直到取空。保存期满、原文已删除而未取走的
    回执不占名额，列在 `erased`，注明何时、依据什么删除；官方状态仍可查询。

    The answers that wait for this channel, oldest first; they are given again until they are confirmed.
    **Paging** has
    no page numbers: fetch, keep, confirm, and fetch again until none is left. Answers whose retention
    ended before
    they were fetched take nobody's place: they stand under `erased` with the reason, and their official
    status can
    still be asked for.

    Args:
        limit (int | Unset): 至多取几份，1 至 500，超出按边界取 / how many at most; beyond it, the bound
            Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problems | ReceiptsOut]
    """

    kwargs = _get_kwargs(
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
) -> Problems | ReceiptsOut | None:
    """取回执 Fetch receipts

     本通道待取的回执，最早的在前；确认之前每次都会再给出。

    **分页**：没有页码。取一批、存妥、确认（`confirmReceipts`），再取下一批，直到取空。保存期满、原文已删除而未取走的
    回执不占名额，列在 `erased`，注明何时、依据什么删除；官方状态仍可查询。

    The answers that wait for this channel, oldest first; they are given again until they are confirmed.
    **Paging** has
    no page numbers: fetch, keep, confirm, and fetch again until none is left. Answers whose retention
    ended before
    they were fetched take nobody's place: they stand under `erased` with the reason, and their official
    status can
    still be asked for.

    Args:
        limit (int | Unset): 至多取几份，1 至 500，超出按边界取 / how many at most; beyond it, the bound
            Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problems | ReceiptsOut
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
        )
    ).parsed
