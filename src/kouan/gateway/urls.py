"""Addresses of the gateway."""

from django.urls import path

from kouan.gateway.views import appointments, certificates, connections, counterpart, keeping, messages, tokens

urlpatterns = [
    path("gateway/", connections.show_gateway, name="gateway"),
    path("gateway/connections/", connections.list_connections, name="connections"),
    path("gateway/connections/<uuid:pk>/", connections.show_connection, name="connection"),
    path("gateway/connections/new/", keeping.open_connection, name="new-connection"),
    path("gateway/connections/<uuid:pk>/change/", keeping.change_connection, name="change-connection"),
    path("gateway/connections/<uuid:pk>/close/", keeping.close_connection, name="close-connection"),
    path("gateway/connections/<uuid:pk>/reopen/", keeping.reopen_connection, name="reopen-connection"),
    path("gateway/connections/<uuid:pk>/token/", tokens.issue_token, name="issue-token"),
    path("gateway/tokens/<uuid:pk>/replace/", tokens.replace_token, name="replace-token"),
    path("gateway/tokens/<uuid:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("gateway/connections/<uuid:pk>/credential/", keeping.set_credential, name="set-credential"),
    path("gateway/connections/<uuid:pk>/credential/remove/", keeping.remove_credential, name="remove-credential"),
    path("gateway/deliveries/<uuid:pk>/", connections.show_delivery, name="delivery"),
    path("gateway/certificates/", certificates.list_certificates, name="certificates"),
    path("gateway/certificates/new/", certificates.register, name="new-certificate"),
    path("gateway/certificates/<uuid:pk>/", certificates.show_certificate, name="certificate"),
    path("gateway/certificates/<uuid:pk>/revoke/", certificates.revoke, name="revoke-certificate"),
    path("gateway/appointments/", appointments.list_appointments, name="appointments"),
    path("gateway/appointments/new/", appointments.appoint, name="new-appointment"),
    path("gateway/appointments/<uuid:pk>/", appointments.show_appointment, name="appointment"),
    path("gateway/appointments/<uuid:pk>/paper/", appointments.show_paper, name="appointment-paper"),
    path("gateway/appointments/<uuid:pk>/revoke/", appointments.revoke, name="revoke-appointment"),
    path("gateway/parked/", connections.list_parked, name="parked"),
    path("gateway/parked/retry/", connections.retry_all, name="retry-all"),
    path("gateway/parked/<uuid:pk>/retry/", connections.retry, name="retry"),
    path("messages/", messages.list_messages, name="messages"),
    path("messages/<uuid:pk>/", messages.show_message, name="message"),
    path("messages/<uuid:pk>/resend/", messages.resend_message_page, name="resend-message"),
    path("receipts/", messages.list_receipts, name="receipts"),
    path("receipts/<uuid:pk>/", messages.show_receipt, name="receipt"),
    path("receipts/<uuid:pk>/resend/", messages.resend_receipt_page, name="resend-receipt"),
    path("demo/counterpart/", counterpart.show_counterpart, name="counterpart"),
    path("demo/counterpart/behaviour/", counterpart.behave, name="counterpart-behaviour"),
    path("demo/counterpart/<int:pk>/decide/", counterpart.decide, name="counterpart-decide"),
]
