"""What people do with organisations, people and delegations; every act is written into the audit."""

from kouan.accounts.services.delegation_requests import (
    ask_for_delegation,
    decline_delegation,
    grant_delegation,
    take_back_request,
)
from kouan.accounts.services.delegations import delegate, revoke_delegation
from kouan.accounts.services.identities import (
    TheAccountIsSuspended,
    TheIdentityIsTaken,
    TheIdentityIsUnknown,
    link_identity,
    sign_in_by_provider,
    unlink_identity,
)
from kouan.accounts.services.organisations import (
    add_alias,
    add_unit,
    create_organisation,
    rename_organisation,
    update_organisation,
)
from kouan.accounts.services.passwords import change_password, reset_password
from kouan.accounts.services.people import (
    add_user,
    change_roles,
    choose_language,
    reactivate_user,
    suspend_user,
    update_user,
)
from kouan.accounts.services.signing_in import (
    TheSignInIsLocked,
    TheSignInIsWrong,
    confirm_password,
    forget_old_failures,
    is_locked,
    sign_in,
    sign_in_for_demonstration,
    sign_out,
    unlock,
)

__all__ = [
    "TheAccountIsSuspended",
    "TheIdentityIsTaken",
    "TheIdentityIsUnknown",
    "TheSignInIsLocked",
    "TheSignInIsWrong",
    "add_alias",
    "add_unit",
    "add_user",
    "ask_for_delegation",
    "change_password",
    "change_roles",
    "choose_language",
    "confirm_password",
    "create_organisation",
    "decline_delegation",
    "delegate",
    "forget_old_failures",
    "grant_delegation",
    "is_locked",
    "link_identity",
    "reactivate_user",
    "rename_organisation",
    "reset_password",
    "revoke_delegation",
    "sign_in",
    "sign_in_by_provider",
    "sign_in_for_demonstration",
    "sign_out",
    "suspend_user",
    "take_back_request",
    "unlink_identity",
    "unlock",
    "update_organisation",
    "update_user",
]
