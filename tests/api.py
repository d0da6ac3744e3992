"""What the tests of every address under /api/v1/ ask: that errors are problems, and that answers are as the schema says."""

import json

from django.test import Client
from jsonschema import Draft4Validator

PROBLEM = {"type", "title", "status", "detail", "instance"}


def refused(client: Client, url: str, status: int) -> dict:
    """The body of an error, which must be a problem."""
    response = client.get(url)
    assert response.status_code == status, (url, response.content)
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert set(body) >= PROBLEM and body["status"] == status and body["detail"] and "cache-control" not in response
    return body


def as_promised(client: Client, name: str, body: dict) -> None:
    """The answer is what the schema calls by this name, with nothing left out and nothing that it does not know."""
    schema = client.get("/api/v1/openapi.json").json()
    # OpenAPI 3.0 says `nullable` where JSON Schema says a second type.
    root = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
    _as_json_schema(root)
    Draft4Validator(root).validate(body)
    assert set(body) == set(schema["components"]["schemas"][name]["properties"])


def _as_json_schema(part) -> None:
    if isinstance(part, dict):
        if part.pop("nullable", False):
            if "type" in part:
                part["type"] = [part["type"], "null"]
            else:
                inner = part.pop("allOf")
                part["anyOf"] = [*inner, {"type": "null"}]
            if "enum" in part:
                part["enum"] = [*part["enum"], None]
        for value in part.values():
            _as_json_schema(value)
    elif isinstance(part, list):
        for value in part:
            _as_json_schema(value)
