from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.arrivals_in import ArrivalsIn
from ...models.arrivals_out import ArrivalsOut
from ...models.problems import Problems
from ...types import Response


def _get_kwargs(
    *,
    body: ArrivalsIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/site/arrivals",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ArrivalsOut | Problems | None:
    if response.status_code == 200:
        response_200 = ArrivalsOut.from_dict(response.json())

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
) -> Response[ArrivalsOut | Problems]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ArrivalsIn,
) -> Response[ArrivalsOut | Problems]:
    """登记到货 Record arrivals

     登记到达本企业监管场所的包裹。**幂等**：已登记的不再计入。场所不属于本企业答 404，箱号不合规答 403。

    Record parcels that arrived in one of the operator's own places. **Idempotent**: what is recorded
    already counts no
    more. Another's place is answered with 404, a container number that is none with 403.

    Args:
        body (ArrivalsIn): 同一提运单项下已入场的包裹 / parcels of one bill that were taken in

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ArrivalsOut | Problems]
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
    body: ArrivalsIn,
) -> ArrivalsOut | Problems | None:
    """登记到货 Record arrivals

     登记到达本企业监管场所的包裹。**幂等**：已登记的不再计入。场所不属于本企业答 404，箱号不合规答 403。

    Record parcels that arrived in one of the operator's own places. **Idempotent**: what is recorded
    already counts no
    more. Another's place is answered with 404, a container number that is none with 403.

    Args:
        body (ArrivalsIn): 同一提运单项下已入场的包裹 / parcels of one bill that were taken in

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ArrivalsOut | Problems
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ArrivalsIn,
) -> Response[ArrivalsOut | Problems]:
    """登记到货 Record arrivals

     登记到达本企业监管场所的包裹。**幂等**：已登记的不再计入。场所不属于本企业答 404，箱号不合规答 403。

    Record parcels that arrived in one of the operator's own places. **Idempotent**: what is recorded
    already counts no
    more. Another's place is answered with 404, a container number that is none with 403.

    Args:
        body (ArrivalsIn): 同一提运单项下已入场的包裹 / parcels of one bill that were taken in

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ArrivalsOut | Problems]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ArrivalsIn,
) -> ArrivalsOut | Problems | None:
    """登记到货 Record arrivals

     登记到达本企业监管场所的包裹。**幂等**：已登记的不再计入。场所不属于本企业答 404，箱号不合规答 403。

    Record parcels that arrived in one of the operator's own places. **Idempotent**: what is recorded
    already counts no
    more. Another's place is answered with 404, a container number that is none with 403.

    Args:
        body (ArrivalsIn): 同一提运单项下已入场的包裹 / parcels of one bill that were taken in

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ArrivalsOut | Problems
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
