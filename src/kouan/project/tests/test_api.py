"""The interface for machines: its description is complete and true."""

from django.test import Client

from kouan.project.api import ERRORS, api


def test_every_operation_documents_every_error():
    paths = api.get_openapi_schema()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            missing = {int(status) for status in ERRORS} - set(operation["responses"])
            assert not missing, f"{method} {path}"


def test_the_description_and_its_reader_are_open_to_all(db):
    description = Client().get("/api/v1/openapi.json")
    assert description.status_code == 200
    assert description.json()["components"]["schemas"]["Problem"]["properties"]["fix_zh"] == {"type": "string"}
    assert b"swagger-ui-bundle.js" in Client().get("/api/v1/docs").content


def test_the_reader_of_the_description_runs_under_the_content_policy(browser_page):
    browser_page.goto("/api/v1/docs")
    browser_page.get_by_text("口岸 Kouan").first.wait_for()
