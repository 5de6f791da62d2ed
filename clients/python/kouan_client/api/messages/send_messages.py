from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.acknowledgements_out import AcknowledgementsOut
from ...models.conflicts_out import ConflictsOut
from ...models.problems import Problems
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    body: File,
    x_file_name: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_file_name, Unset):
        headers["X-File-Name"] = x_file_name

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/messages",
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AcknowledgementsOut | ConflictsOut | Problems | None:
    if response.status_code == 202:
        response_202 = AcknowledgementsOut.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Problems.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problems.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problems.from_dict(response.json())

        return response_403

    if response.status_code == 409:
        response_409 = ConflictsOut.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problems.from_dict(response.json())

        return response_413

    if response.status_code == 503:
        response_503 = Problems.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AcknowledgementsOut | ConflictsOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    x_file_name: str | Unset = UNSET,
) -> Response[AcknowledgementsOut | ConflictsOut | Problems]:
    """报送报文 Send messages

     报文全部存妥后才答复 202；报文内部的问题以回执告知，不在此处答复。

    **幂等**：同一报文（同 guid、同内容）可放心重发，答复相同且 `is_repeated` 为真；同 guid 不同内容答 409，只留存、
    不处理。收到 503 或未收到答复时，以同一报文重发。

    Answered when all of it is on disk. **Idempotent**: the same bytes again get the same answer
    (`is_repeated`); other
    bytes under a guid that is taken are kept aside and answered with 409. What is wrong inside a
    message is told by its
    receipts. After a 503, or without an answer, send the same bytes again.

    Args:
        x_file_name (str | Unset):
        body (File): 以上任一种 / either of these

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcknowledgementsOut | ConflictsOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
        x_file_name=x_file_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File,
    x_file_name: str | Unset = UNSET,
) -> AcknowledgementsOut | ConflictsOut | Problems | None:
    """报送报文 Send messages

     报文全部存妥后才答复 202；报文内部的问题以回执告知，不在此处答复。

    **幂等**：同一报文（同 guid、同内容）可放心重发，答复相同且 `is_repeated` 为真；同 guid 不同内容答 409，只留存、
    不处理。收到 503 或未收到答复时，以同一报文重发。

    Answered when all of it is on disk. **Idempotent**: the same bytes again get the same answer
    (`is_repeated`); other
    bytes under a guid that is taken are kept aside and answered with 409. What is wrong inside a
    message is told by its
    receipts. After a 503, or without an answer, send the same bytes again.

    Args:
        x_file_name (str | Unset):
        body (File): 以上任一种 / either of these

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcknowledgementsOut | ConflictsOut | Problems
    """

    return sync_detailed(
        client=client,
        body=body,
        x_file_name=x_file_name,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    x_file_name: str | Unset = UNSET,
) -> Response[AcknowledgementsOut | ConflictsOut | Problems]:
    """报送报文 Send messages

     报文全部存妥后才答复 202；报文内部的问题以回执告知，不在此处答复。

    **幂等**：同一报文（同 guid、同内容）可放心重发，答复相同且 `is_repeated` 为真；同 guid 不同内容答 409，只留存、
    不处理。收到 503 或未收到答复时，以同一报文重发。

    Answered when all of it is on disk. **Idempotent**: the same bytes again get the same answer
    (`is_repeated`); other
    bytes under a guid that is taken are kept aside and answered with 409. What is wrong inside a
    message is told by its
    receipts. After a 503, or without an answer, send the same bytes again.

    Args:
        x_file_name (str | Unset):
        body (File): 以上任一种 / either of these

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcknowledgementsOut | ConflictsOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
        x_file_name=x_file_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File,
    x_file_name: str | Unset = UNSET,
) -> AcknowledgementsOut | ConflictsOut | Problems | None:
    """报送报文 Send messages

     报文全部存妥后才答复 202；报文内部的问题以回执告知，不在此处答复。

    **幂等**：同一报文（同 guid、同内容）可放心重发，答复相同且 `is_repeated` 为真；同 guid 不同内容答 409，只留存、
    不处理。收到 503 或未收到答复时，以同一报文重发。

    Answered when all of it is on disk. **Idempotent**: the same bytes again get the same answer
    (`is_repeated`); other
    bytes under a guid that is taken are kept aside and answered with 409. What is wrong inside a
    message is told by its
    receipts. After a 503, or without an answer, send the same bytes again.

    Args:
        x_file_name (str | Unset):
        body (File): 以上任一种 / either of these

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcknowledgementsOut | ConflictsOut | Problems
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_file_name=x_file_name,
        )
    ).parsed
