"""Addresses of accounts."""

from django.urls import path

from kouan.accounts.views import audit_log, delegation_requests, delegations, organisations, own, people, signing_in

urlpatterns = [
    path("", signing_in.start, name="start"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/demonstration", signing_in.sign_in_for_demonstration, name="sign-in-demonstration"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("language", signing_in.choose_language, name="set_language"),
    path("me", own.show_own_page, name="own-page"),
    path("me/password", own.change_own_password, name="own-password"),
    path("organisations/", organisations.list_organisations, name="organisations"),
    path("organisations/new/", organisations.add_organisation, name="new-organisation"),
    path("organisations/<uuid:pk>/", organisations.show_organisation, name="organisation"),
    path("organisations/<uuid:pk>/edit/", organisations.edit_organisation, name="edit-organisation"),
    path("organisations/<uuid:pk>/rename/", organisations.rename_organisation, name="rename-organisation"),
    path("organisations/<uuid:pk>/aliases/new/", organisations.add_alias, name="new-alias"),
    path("organisations/<uuid:pk>/units/new/", organisations.add_unit, name="new-unit"),
    path("organisations/<uuid:pk>/people/new/", people.add_person, name="new-person"),
    path("people/", people.list_people, name="people"),
    path("people/<uuid:pk>/", people.show_person, name="person"),
    path("people/<uuid:pk>/edit/", people.edit_person, name="edit-person"),
    path("people/<uuid:pk>/roles/", people.change_roles, name="person-roles"),
    path("people/<uuid:pk>/password/", people.reset_password, name="person-password"),
    path("people/<uuid:pk>/suspend/", people.suspend_person, name="suspend-person"),
    path("people/<uuid:pk>/reactivate/", people.reactivate_person, name="reactivate-person"),
    path("people/<uuid:pk>/unlock/", people.unlock_person, name="unlock-person"),
    path("delegations/", delegations.list_delegations, name="delegations"),
    path("delegations/new/", delegations.add_delegation, name="new-delegation"),
    path("delegations/requests/", delegation_requests.list_requests, name="delegation-requests"),
    path("delegations/requests/new/", delegation_requests.ask, name="ask-delegation"),
    path("delegations/requests/<uuid:pk>/", delegation_requests.show_request, name="delegation-request"),
    path("delegations/requests/<uuid:pk>/grant/", delegation_requests.grant, name="grant-delegation"),
    path("delegations/requests/<uuid:pk>/decline/", delegation_requests.decline, name="decline-delegation"),
    path("delegations/requests/<uuid:pk>/take-back/", delegation_requests.take_back, name="take-back-request"),
    path("delegations/<uuid:pk>/", delegations.show_delegation, name="delegation"),
    path("delegations/<uuid:pk>/revoke/", delegations.revoke_delegation, name="revoke-delegation"),
    path("audit/", audit_log.list_entries, name="audit-log"),
    path("audit/<uuid:pk>/", audit_log.show_entry, name="audit-entry"),
]
