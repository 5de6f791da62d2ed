"""Addresses of the broker's desk."""

from django.urls import path

from kouan.brokerage.views import batches, learning, libraries, queue

urlpatterns = [
    path("broker/", queue.show_queue, name="broker-queue"),
    path("broker/batches/", batches.list_batches, name="broker-batches"),
    path("broker/batches/submit/", batches.submit_many, name="new-broker-batch-submit"),
    path("broker/batches/send/", batches.send_many, name="new-broker-batch-send"),
    path("broker/batches/<uuid:pk>/", batches.show_batch, name="broker-batch"),
    path("broker/clients/", libraries.list_clients, name="broker-clients"),
    path("broker/clients/new/", libraries.edit_client, name="new-broker-client"),
    path("broker/clients/<uuid:pk>/", libraries.edit_client, name="broker-client"),
    path("broker/articles/", libraries.list_articles, name="broker-articles"),
    path("broker/articles/new/", libraries.edit_article, name="new-broker-article"),
    path("broker/articles/<uuid:pk>/", libraries.edit_article, name="broker-article"),
    path("broker/learn/", learning.list_to_learn, name="broker-learn"),
    path("broker/learn/from/", learning.learn_from, name="learn-broker-library"),
    path("broker/learn/<uuid:pk>/", learning.learn_from_one, name="learn-one-broker-library"),
    path("broker/<slug:library>/import/", libraries.import_sheet, name="import-broker-library"),
    path("broker/<slug:library>/template/", libraries.sheet_template, name="broker-library-template"),
    path("broker/<slug:library>/<uuid:pk>/end/", libraries.end, name="end-broker-entry"),
    path("pick/broker/clients/", libraries.pick_clients, name="pick-broker-clients"),
    path("pick/broker/articles/", libraries.pick_articles, name="pick-broker-articles"),
]
