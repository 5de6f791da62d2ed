from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.leaving_in import LeavingIn
from ...models.leaving_out import LeavingOut
from ...models.problems import Problems
from ...types import Response


def _get_kwargs(
    *,
    body: LeavingIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/site/leavings",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> LeavingOut | Problems | None:
    if response.status_code == 200:
        response_200 = LeavingOut.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problems.from_dict(response.json())

        return response_404

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LeavingOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: LeavingIn,
) -> Response[LeavingOut | Problems]:
    """登记离场 Record leaving

     登记凭肯定答复离场；否定答复、或已登记过的，答 403。

    Record that the goods of a positive answer left through the gate; on a negative one, or when it was
    recorded
    already, the answer is 403.

    Args:
        body (LeavingIn): 凭肯定答复离场的货物 / goods that left on a positive answer

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LeavingOut | Problems]
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
    body: LeavingIn,
) -> LeavingOut | Problems | None:
    """登记离场 Record leaving

     登记凭肯定答复离场；否定答复、或已登记过的，答 403。

    Record that the goods of a positive answer left through the gate; on a negative one, or when it was
    recorded
    already, the answer is 403.

    Args:
        body (LeavingIn): 凭肯定答复离场的货物 / goods that left on a positive answer

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LeavingOut | Problems
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: LeavingIn,
) -> Response[LeavingOut | Problems]:
    """登记离场 Record leaving

     登记凭肯定答复离场；否定答复、或已登记过的，答 403。

    Record that the goods of a positive answer left through the gate; on a negative one, or when it was
    recorded
    already, the answer is 403.

    Args:
        body (LeavingIn): 凭肯定答复离场的货物 / goods that left on a positive answer

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LeavingOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: LeavingIn,
) -> LeavingOut | Problems | None:
    """登记离场 Record leaving

     登记凭肯定答复离场；否定答复、或已登记过的，答 403。

    Record that the goods of a positive answer left through the gate; on a negative one, or when it was
    recorded
    already, the answer is 403.

    Args:
        body (LeavingIn): 凭肯定答复离场的货物 / goods that left on a positive answer

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LeavingOut | Problems
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
