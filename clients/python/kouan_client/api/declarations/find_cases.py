from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.case_out import CaseOut
from ...models.problems import Problems
from ...types import UNSET, Response


def _get_kwargs(
    *,
    number: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["number"] = number

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/cases",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problems | list[CaseOut] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = CaseOut.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[Problems | list[CaseOut]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    number: str,
) -> Response[Problems | list[CaseOut]]:
    """查询申报 Where declarations stand

     按编号查本企业作为当事人的申报；每类编号至多 200 票，没有则为空列表。不分页：编号足以确定。

    Find the declarations to which this channel's firm is a party by a number; at most 200 for each kind
    of number, an
    empty list where there is none. Not paged.

    Args:
        number (str): 企业内部编号、清单、运单或提运单号 / internal, list, waybill or bill number

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problems | list[CaseOut]]
    """

    kwargs = _get_kwargs(
        number=number,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    number: str,
) -> Problems | list[CaseOut] | None:
    """查询申报 Where declarations stand

     按编号查本企业作为当事人的申报；每类编号至多 200 票，没有则为空列表。不分页：编号足以确定。

    Find the declarations to which this channel's firm is a party by a number; at most 200 for each kind
    of number, an
    empty list where there is none. Not paged.

    Args:
        number (str): 企业内部编号、清单、运单或提运单号 / internal, list, waybill or bill number

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problems | list[CaseOut]
    """

    return sync_detailed(
        client=client,
        number=number,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    number: str,
) -> Response[Problems | list[CaseOut]]:
    """查询申报 Where declarations stand

     按编号查本企业作为当事人的申报；每类编号至多 200 票，没有则为空列表。不分页：编号足以确定。

    Find the declarations to which this channel's firm is a party by a number; at most 200 for each kind
    of number, an
    empty list where there is none. Not paged.

    Args:
        number (str): 企业内部编号、清单、运单或提运单号 / internal, list, waybill or bill number

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problems | list[CaseOut]]
    """

    kwargs = _get_kwargs(
        number=number,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    number: str,
) -> Problems | list[CaseOut] | None:
    """查询申报 Where declarations stand

     按编号查本企业作为当事人的申报；每类编号至多 200 票，没有则为空列表。不分页：编号足以确定。

    Find the declarations to which this channel's firm is a party by a number; at most 200 for each kind
    of number, an
    empty list where there is none. Not paged.

    Args:
        number (str): 企业内部编号、清单、运单或提运单号 / internal, list, waybill or bill number

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problems | list[CaseOut]
    """

    return (
        await asyncio_detailed(
            client=client,
            number=number,
        )
    ).parsed
