"""Rows of accounts, by subject: organisations, delegations, people, signing in."""

from kouan.accounts.models.delegations import Delegation, DelegationRequest
from kouan.accounts.models.organisations import Organisation, OrganisationAlias, Unit
from kouan.accounts.models.people import User
from kouan.accounts.models.signing_in import FormerPassword, ProviderIdentity, SignInFailure

__all__ = [
    "Delegation",
    "DelegationRequest",
    "FormerPassword",
    "Organisation",
    "OrganisationAlias",
    "ProviderIdentity",
    "SignInFailure",
    "Unit",
    "User",
]
