"""Addresses of notices."""

from django.urls import path

from kouan.notices.views import outbox, own, tracking, webhooks

urlpatterns = [
    path("notices/", own.list_notices, name="notices"),
    path("notices/read/", own.read_notices, name="read-notices"),
    path("notices/read-all/", own.read_all_notices, name="read-all-notices"),
    path("notices/choices/", own.choose, name="notice-choices"),
    path("notices/mail/", own.choose_mail, name="notice-mail"),
    path("notices/mail/<str:token>", own.confirm_mail, name="confirm-mail"),
    path("notices/<uuid:pk>/", own.open_notice, name="notice"),
    path("webhooks/", webhooks.list_endpoints, name="endpoints"),
    path("webhooks/topics/", own.show_topic_words, name="topic-words"),
    path("webhooks/new/", webhooks.open_endpoint, name="new-endpoint"),
    path("webhooks/undelivered/", webhooks.list_undelivered, name="undelivered"),
    path("webhooks/undelivered/resend/", webhooks.resend_undelivered, name="resend-undelivered"),
    path("webhooks/<uuid:pk>/", webhooks.show_endpoint, name="endpoint"),
    path("webhooks/<uuid:pk>/edit/", webhooks.change_endpoint, name="edit-endpoint"),
    path("webhooks/<uuid:pk>/key/", webhooks.turn_key, name="turn-endpoint-key"),
    path("webhooks/<uuid:pk>/close/", webhooks.close_endpoint, name="close-endpoint"),
    path("webhooks/<uuid:pk>/reopen/", webhooks.reopen_endpoint, name="reopen-endpoint"),
    path("webhooks/<uuid:pk>/ping/", webhooks.ping_endpoint, name="ping-endpoint"),
    path("track/", tracking.show_stage, name="track"),
    path("outbox/", outbox.list_letters, name="outbox"),
    path("outbox/tell-again/", outbox.tell_again, name="tell-again"),
    path("outbox/<uuid:pk>/", outbox.show_letter, name="letter"),
    path("outbox/<uuid:pk>/resend/", outbox.resend_letter, name="resend-letter"),
]
