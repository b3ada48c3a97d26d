"""Requests of common tasks, written for curl, Python and JavaScript."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

ADDRESS = "http://127.0.0.1:8000"
INTRODUCTION = """\
Each request in curl, in Python with `httpx`, and in JavaScript (Node.js 20 or later).
`KEY` is an API key; leave it empty while none was made. The service's `/docs` tries every
route; [openapi.json](openapi.json) makes a client in any language.
"""


@dataclass(frozen=True)
class Task:
    """One request; `file` is the form field that carries `tea.jpg`."""

    title: str
    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    file: str = ""
    body: dict[str, Any] | None = None


TASKS = (
    Task("What is in this picture?", "POST", "/api/v1/search", {"top_k": "3"}, file="file"),
    Task("Search in words", "GET", "/api/v1/search?text=green%20tea&top_k=3"),
    Task("Add a product", "POST", "/api/v1/products",
         body={"sku": "TEA-042", "name": "Oolong tea 600 ml", "price": 4500, "category": "Drinks"}),
    Task("Add a photo of it", "POST", "/api/v1/products/TEA-042/photos", file="photos"),
    Task("Change its price", "PATCH", "/api/v1/products/TEA-042", body={"price": 4900}),
    Task("Encode what has no vector yet", "POST", "/api/v1/jobs", body={"kind": "reindex"}),
    Task("List the catalogue", "GET", "/api/v1/products?limit=10"),
)  # fmt: skip


def curl(task: Task) -> str:
    parts = [f'curl --fail-with-body -H "X-API-Key: $KEY" -X {task.method} "{ADDRESS}{task.path}"']
    parts += [f'-F "{name}={value}"' for name, value in task.form.items()]
    if task.file:
        parts.append(f'-F "{task.file}=@tea.jpg"')
    if task.body is not None:
        parts.append(f"-H \"Content-Type: application/json\" -d '{json.dumps(task.body)}'")
    return " \\\n  ".join(parts) + "\n"


def python(task: Task) -> str:
    given = [f'    "{ADDRESS}{task.path}",', '    headers={"X-API-Key": os.environ["KEY"]},']
    if task.form:
        given.append(f"    data={json.dumps(task.form)},")
    if task.file:
        given.append(f'    files={{"{task.file}": Path("tea.jpg").open("rb")}},')
    if task.body is not None:
        given.append(f"    json={json.dumps(task.body)},")
    imports = (
        "import os\n" + ("from pathlib import Path\n" if task.file else "") + "\nimport httpx\n"
    )
    call = "\n".join([f"answer = httpx.{task.method.lower()}(", *given, ")"])
    return f"{imports}\n{call}\nprint(answer.raise_for_status().json())\n"


def javascript(task: Task) -> str:
    lines, headers, body = [], '"X-API-Key": process.env.KEY', ""
    if task.file:
        lines += ['import { openAsBlob } from "node:fs";', "const form = new FormData();"]
        lines += [f'form.append("{name}", "{value}");' for name, value in task.form.items()]
        lines.append(f'form.append("{task.file}", await openAsBlob("tea.jpg"), "tea.jpg");')
        body = ", body: form"
    elif task.body is not None:
        headers += ', "Content-Type": "application/json"'
        body = f", body: JSON.stringify({json.dumps(task.body)})"
    lines += [
        f'const answer = await fetch("{ADDRESS}{task.path}", {{',
        f'  method: "{task.method}", headers: {{ {headers} }}{body},',
        "});",
        "if (!answer.ok) throw new Error(await answer.text());",
        "console.log(JSON.stringify(await answer.json()));",
    ]
    return "\n".join(lines) + "\n"


LANGUAGES = {"curl": ("bash", curl), "Python": ("python", python), "JavaScript": ("js", javascript)}


def clients_page() -> str:
    """Return the page of snippets, one tab a language."""
    parts = [
        "<!-- Made by `python -m tests.docs.generated`; change the commands, not this page. -->\n",
        "# Clients\n",
        INTRODUCTION,
    ]
    for task in TASKS:
        parts.append(f"## {task.title}\n")
        for language, (fence, write) in LANGUAGES.items():
            code = "".join(f"    {line}\n" for line in write(task).splitlines())
            parts.append(f'=== "{language}"\n\n    ```{fence}\n{code}    ```\n')
    return "\n".join(parts)
