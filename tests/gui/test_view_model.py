from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from kiosk.errors import BugError
from kiosk.gui.rows_model import RowsModel
from kiosk.gui.view_model import ViewModel


class Kind(StrEnum):
    NONE = "none"
    SOME = "some"


@dataclass(frozen=True)
class Row:
    sku: str
    price_text: str = ""


@dataclass(frozen=True)
class View:
    kind: Kind = Kind.NONE
    text: str = ""
    share: float = 0.5
    is_open: bool = False
    words: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    first: Row = Row("A")
    selected: Row | None = None


class Shown(ViewModel[View]):
    def __init__(self) -> None:
        super().__init__(View())

    @Slot()
    def clear(self) -> None:
        self.show(View())


@pytest.fixture
def shown(application: QGuiApplication) -> Shown:
    return Shown()


def test_each_field_is_a_typed_property_in_camel_case() -> None:
    meta = Shown.staticMetaObject
    kinds = {
        meta.property(at).name(): meta.property(at).typeName()
        for at in range(meta.propertyOffset(), meta.propertyCount())
    }
    assert kinds == {
        "kind": "QString",
        "text": "QString",
        "share": "double",
        "isOpen": "bool",
        "words": "QStringList",
        "rows": "RowsModel*",
        "first": "RowObject*",
        "selected": "RowObject*",
    }


def test_only_what_differs_notifies_and_python_hears_of_it_first(shown: Shown) -> None:
    heard: list[str] = []
    shown.changed.connect(lambda: heard.append("changed"))
    for name in ("kind", "text", "isOpen", "selected"):
        getattr(shown, f"{name}Changed").connect(lambda name=name: heard.append(name))  # type: ignore[misc]
    shown.show(replace(shown.view, text="a", kind=Kind.SOME))
    shown.show(replace(shown.view, text="a"))
    assert heard == ["changed", "kind", "text"]
    assert (shown.property("kind"), shown.property("text")) == ("some", "a")


def test_rows_stay_in_the_same_model(shown: Shown) -> None:
    model = shown.rows
    assert isinstance(model, RowsModel)
    shown.show(replace(shown.view, rows=(Row("A"), Row("B"))))
    assert shown.rows is model
    assert model.rowCount() == 2
    shown.clear()
    assert model.rowCount() == 0


def test_a_dataclass_within_is_an_object_that_follows_or_null(shown: Shown) -> None:
    assert shown.selected is None
    shown.show(replace(shown.view, selected=Row("A", "1")))
    selected = shown.selected
    assert isinstance(selected, QObject)
    assert (selected.property("sku"), selected.property("priceText")) == ("A", "1")
    shown.show(replace(shown.view, selected=Row("B", "2")))
    assert shown.selected is selected
    assert selected.property("sku") == "B"
    shown.clear()
    assert shown.selected is None


def test_a_field_must_not_hide_what_the_view_model_has() -> None:
    @dataclass(frozen=True)
    class Hiding:
        show: bool = False

    with pytest.raises(BugError, match="show"):

        class Hidden(ViewModel[Hiding]):
            pass
