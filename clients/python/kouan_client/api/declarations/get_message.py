from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.message_out import MessageOut
from ...models.problems import Problems
from ...types import Response


def _get_kwargs(
    message_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/messages/{message_id}".format(
            message_id=quote(str(message_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> MessageOut | Problems | None:
    if response.status_code == 200:
        response_200 = MessageOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problems.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problems.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problems.from_dict(response.json())

        return response_404

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
) -> Response[MessageOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    message_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[MessageOut | Problems]:
    """报文处理结果 What became of a message

     报文进行到哪一步；逐份列出未直接入库的单证及其问题。他人的报文答 404。

    What became of a message of this channel's firm, document by document where something was found.
    Messages of others
    are answered with 404.

    Args:
        message_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MessageOut | Problems]
    """

    kwargs = _get_kwargs(
        message_id=message_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    message_id: UUID,
    *,
    client: AuthenticatedClient,
) -> MessageOut | Problems | None:
    """报文处理结果 What became of a message

     报文进行到哪一步；逐份列出未直接入库的单证及其问题。他人的报文答 404。

    What became of a message of this channel's firm, document by document where something was found.
    Messages of others
    are answered with 404.

    Args:
        message_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MessageOut | Problems
    """

    return sync_detailed(
        message_id=message_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    message_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[MessageOut | Problems]:
    """报文处理结果 What became of a message

     报文进行到哪一步；逐份列出未直接入库的单证及其问题。他人的报文答 404。

    What became of a message of this channel's firm, document by document where something was found.
    Messages of others
    are answered with 404.

    Args:
        message_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MessageOut | Problems]
    """

    kwargs = _get_kwargs(
        message_id=message_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    message_id: UUID,
    *,
    client: AuthenticatedClient,
) -> MessageOut | Problems | None:
    """报文处理结果 What became of a message

     报文进行到哪一步；逐份列出未直接入库的单证及其问题。他人的报文答 404。

    What became of a message of this channel's firm, document by document where something was found.
    Messages of others
    are answered with 404.

    Args:
        message_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MessageOut | Problems
    """

    return (
        await asyncio_detailed(
            message_id=message_id,
            client=client,
        )
    ).parsed
