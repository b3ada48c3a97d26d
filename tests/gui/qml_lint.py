"""Checks the QML with qmllint, which gets the Python types from their own meta objects.

pyside6-metaobjectdump reads source text only and knows neither computed properties nor
lambdas; what is written here is what the engine will see.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QByteArray, QMetaMethod, QMetaObject, QMetaProperty

from kiosk.gui.app.composition import Kiosk
from kiosk.gui.app.window import PAINTED_ITEMS, QML_DIR
from kiosk.gui.view_model import QML_MODULE, REGISTERED_TYPES

IMPORTS = ("QtQuick",)


def lint(files: Iterable[Path]) -> str:
    """Return what qmllint has to say about the files; empty where they are clean."""
    script = Path(sysconfig.get_path("scripts")) / "pyside6-qmllint"
    tool = str(script) if script.exists() else "pyside6-qmllint"
    with tempfile.TemporaryDirectory() as folder:
        write_types(Path(folder) / QML_MODULE)
        command = [tool, "-I", folder, *map(str, files)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    return (result.stdout + result.stderr).strip()


def write_types(folder: Path) -> None:
    """Write a QML module of the Python types: `qmldir` and the file of types that it names."""
    folder.mkdir(parents=True)
    lines = [f"module {QML_MODULE}", "typeinfo types.qmltypes", *(f"depends {i}" for i in IMPORTS)]
    (folder / "qmldir").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = "\n".join(["import QtQuick.tooling 1.2", "Module {", *_components(), "}"])
    (folder / "types.qmltypes").write_text(text, encoding="utf-8")


def _components() -> Iterator[str]:
    todo = [
        *((item, "isCreatable: true") for item in PAINTED_ITEMS),
        (Kiosk, "isCreatable: false; isSingleton: true"),
        *((kind, "isCreatable: false") for kind in REGISTERED_TYPES),
    ]
    written = set()
    for kind, traits in todo:
        meta: QMetaObject = kind.staticMetaObject  # type: ignore[attr-defined]
        exported = f'exports: ["{QML_MODULE}/{meta.className()} 1.0"]; {traits}'
        while meta.className() not in written and not meta.className().startswith("Q"):
            written.add(meta.className())
            yield from _component(meta, exported)
            meta, exported = meta.superClass(), ""


def _component(meta: QMetaObject, exported: str) -> Iterator[str]:
    yield (
        f'Component {{ name: "{meta.className()}"; accessSemantics: "reference"; '
        f'prototype: "{meta.superClass().className()}"; {exported}'
    )
    for at in range(meta.propertyOffset(), meta.propertyCount()):
        yield _property(meta.property(at))
    for at in range(meta.methodOffset(), meta.methodCount()):
        yield _method(meta.method(at))
    yield "}"


def _property(of: QMetaProperty) -> str:
    traits = [f'name: "{of.name()}"; read: "{of.name()}"; {_type(str(of.typeName()))}']
    if not of.isWritable():
        traits.append("isReadonly: true")
    if of.hasNotifySignal():
        traits.append(f'notify: "{_text(of.notifySignal().name())}"')
    return f"Property {{ {'; '.join(traits)} }}"


def _method(of: QMetaMethod) -> str:
    word = "Signal" if of.methodType() is QMetaMethod.MethodType.Signal else "Method"
    returned = _type(str(of.typeName()))
    parameters = " ".join(
        f'Parameter {{ name: "a{at}"; {_type(_text(kind))} }}'
        for at, kind in enumerate(of.parameterTypes())
    )
    return f'{word} {{ name: "{_text(of.name())}"; {returned}; {parameters} }}'


def _type(name: str) -> str:
    pointer = "; isPointer: true" if name.endswith("*") else ""
    return f'type: "{name.rstrip("*")}"{pointer}'


def _text(raw: QByteArray) -> str:
    return raw.toStdString()


if __name__ == "__main__":
    findings = lint(map(Path, sys.argv[1:]) if sys.argv[1:] else sorted(QML_DIR.rglob("*.qml")))
    print(findings or "QML: nothing to say.")
    sys.exit(bool(findings))
