"""The interface for machines: its description is complete and true."""

from django.test import Client

from kouan.project.commands.api import described


def test_every_operation_documents_the_errors_that_it_can_give():
    for path, operations in described()["paths"].items():
        for method, operation in operations.items():
            wanted = {"401", "503"} if operation.get("security") else {"503"}
            if "requestBody" in operation:
                wanted |= {"400", "413"}
            if "{" in path:
                wanted |= {"404", "422"}
            assert wanted <= set(operation["responses"]), f"{method} {path}"
            assert operation["responses"]["503"]["headers"]["Retry-After"]


def test_the_description_and_its_reader_are_open_to_all(db):
    description = Client().get("/api/v1/openapi.json")
    assert description.status_code == 200
    assert description.json()["components"]["schemas"]["Problem"]["properties"]["fix_zh"] == {"type": "string"}
    assert description.json() == described()
    assert b"swagger-ui-bundle.js" in Client().get("/api/v1/docs").content


def test_the_reader_of_the_description_runs_under_the_content_policy(browser_page):
    browser_page.goto("/api/v1/docs")
    browser_page.get_by_text("口岸 Kouan").first.wait_for()
