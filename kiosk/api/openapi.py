"""The OpenAPI document: FastAPI's own, with an example wherever JSON is sent or answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kiosk.api.routes.common import ProblemShape

JSON = "application/json"
MAX_DEPTH = 6  # metadata within hits within answers; the deepest answer has five levels
BY_NAME: dict[str, Any] = {
    "sku": "TEA-042",
    "sku_a": "TEA-042",
    "sku_b": "TEA-043",
    "name": "Oolong tea 600 ml",
    "title": "EfficientNet-Lite0",
    "category": "Drinks",
    "currency": "TWD",
    "price": 320000,
    "price_text": "NT$ 3,200",
    "description": "From the hills of Nantou.",
    "barcode": "4710088412345",
    "code": "4710088412345",
    "brand": "Sungrove",
    "cover_url": "/api/v1/products/TEA-042/cover",
    "model": "efficientnet_lite0",
    "model_name": "efficientnet_lite0",
    "family": "efficientnet",
    "licence": "Apache-2.0",
    "confidence": 0.97,
    "similarity": 0.93,
    "took_ms": 41.2,
    "dimension": 512,
    "vector": [0.1, -0.2, 0.3],
    "decision": "named",
    "kind": "reindex",
    "label": "green tea",
    "complaint": "",
    "metadata": {"brand": "Sungrove"},
    "errors": [],
    "next_step": "",
}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            license_info=app.license_info,
            routes=app.routes,
        )
        made["components"]["schemas"]["ProblemShape"] = ProblemShape.model_json_schema()
        for content in _contents(made):
            if "example" not in content and "examples" not in content:
                content["example"] = example_of(content.get("schema", {}), made)
        app.openapi_schema = made
    return app.openapi_schema


def example_of(schema: dict[str, Any], made: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """Return a value that `schema` allows; `name` is the property's name, `made` the document.

    An example that the schema itself gives goes first, then its default, then `BY_NAME`.
    """
    if "$ref" in schema:
        named = made["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return example_of(named, made, name, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    options = schema.get("anyOf") or schema.get("allOf")
    kind = schema.get("type") or (options and _first_type(options))
    if kind == "object" and schema.get("properties") and depth < MAX_DEPTH:
        return {
            key: example_of(part, made, key, depth + 1)
            for key, part in schema["properties"].items()
        }
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if name in BY_NAME and _is_a(BY_NAME[name], kind):
        return BY_NAME[name]
    if schema.get("default") is not None:
        return schema["default"]
    if options:
        return example_of(options[0], made, name, depth + 1)
    return _of_kind(schema, made, depth)


def _of_kind(schema: dict[str, Any], made: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items", {})
        return [example_of(items, made, "", depth + 1)] if depth < MAX_DEPTH else []
    if kind == "string":
        dates = {"date-time": "2026-11-02T09:30:00Z"}
        return dates.get(schema.get("format", ""), "text")
    whole = schema.get("minimum", 1)
    return {"integer": whole, "number": 0.5, "boolean": True, "object": {}}.get(kind or "")


def _first_type(options: list[dict[str, Any]]) -> str | None:
    return next((option["type"] for option in options if "type" in option), None)


def _is_a(value: Any, kind: str | None) -> bool:
    kinds = {"string": str, "integer": int, "number": float, "object": dict, "array": list}
    return kind in kinds and isinstance(value, kinds[kind])


def _contents(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every JSON body of requests and of answers that are no errors."""
    for methods in made["paths"].values():
        for route in methods.values():
            bodies = [route.get("requestBody", {})]
            bodies += [a for status, a in route["responses"].items() if str(status)[0] == "2"]
            for body in bodies:
                if JSON in body.get("content", {}):
                    yield body["content"][JSON]
