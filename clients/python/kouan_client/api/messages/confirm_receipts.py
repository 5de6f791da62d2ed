from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.confirm_in import ConfirmIn
from ...models.confirmed_out import ConfirmedOut
from ...models.problems import Problems
from ...types import Response


def _get_kwargs(
    *,
    body: ConfirmIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/receipts/confirm",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConfirmedOut | Problems | None:
    if response.status_code == 200:
        response_200 = ConfirmedOut.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ConfirmedOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ConfirmIn,
) -> Response[ConfirmedOut | Problems]:
    """确认回执 Confirm receipts

     回执在贵方存妥之后确认，此后不再给出。**幂等**：重复确认、或确认他人的回执，均不产生作用。

    Confirm answers that are safe at your side; they are not given again. **Idempotent**: confirmed
    twice is confirmed
    once, and ids that are not of this channel do nothing.

    Args:
        body (ConfirmIn): 贵方已存妥的回执 / receipts that are safe at your side

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConfirmedOut | Problems]
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
    body: ConfirmIn,
) -> ConfirmedOut | Problems | None:
    """确认回执 Confirm receipts

     回执在贵方存妥之后确认，此后不再给出。**幂等**：重复确认、或确认他人的回执，均不产生作用。

    Confirm answers that are safe at your side; they are not given again. **Idempotent**: confirmed
    twice is confirmed
    once, and ids that are not of this channel do nothing.

    Args:
        body (ConfirmIn): 贵方已存妥的回执 / receipts that are safe at your side

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConfirmedOut | Problems
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ConfirmIn,
) -> Response[ConfirmedOut | Problems]:
    """确认回执 Confirm receipts

     回执在贵方存妥之后确认，此后不再给出。**幂等**：重复确认、或确认他人的回执，均不产生作用。

    Confirm answers that are safe at your side; they are not given again. **Idempotent**: confirmed
    twice is confirmed
    once, and ids that are not of this channel do nothing.

    Args:
        body (ConfirmIn): 贵方已存妥的回执 / receipts that are safe at your side

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConfirmedOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ConfirmIn,
) -> ConfirmedOut | Problems | None:
    """确认回执 Confirm receipts

     回执在贵方存妥之后确认，此后不再给出。**幂等**：重复确认、或确认他人的回执，均不产生作用。

    Confirm answers that are safe at your side; they are not given again. **Idempotent**: confirmed
    twice is confirmed
    once, and ids that are not of this channel do nothing.

    Args:
        body (ConfirmIn): 贵方已存妥的回执 / receipts that are safe at your side

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConfirmedOut | Problems
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
