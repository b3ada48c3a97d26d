from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, strategies as st
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from kiosk.gui.rows_model import FIRST_ROLE, RowsModel, to_variant


@dataclass(frozen=True)
class Row:
    sku: str
    price_text: str


def checked(model: QAbstractItemModel) -> QAbstractItemModelTester:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    return QAbstractItemModelTester(model, fatal)


def contents(model: RowsModel) -> list[tuple[str, str]]:
    return [
        (model.data(model.index(row), FIRST_ROLE), model.data(model.index(row), FIRST_ROLE + 1))
        for row in range(model.rowCount())
    ]


def test_each_field_is_a_role(application: QGuiApplication) -> None:
    names = [name.data().decode() for name in RowsModel(Row).roleNames().values()]
    assert names == ["sku", "priceText"]


@given(st.lists(st.lists(st.sampled_from("ABCDE"), max_size=6), min_size=1, max_size=5))
def test_the_model_always_holds_the_rows_it_was_given(lists: list[list[str]]) -> None:
    model = RowsModel(Row)
    tester = checked(model)
    for skus in lists:
        model.set_rows([Row(sku, f"{sku}!") for sku in skus])
        assert contents(model) == [(sku, f"{sku}!") for sku in skus]
    del tester


def test_equal_rows_change_nothing(application: QGuiApplication) -> None:
    model = RowsModel(Row)
    model.set_rows([Row("A", "1")])
    changes: list[object] = []
    model.dataChanged.connect(lambda *_: changes.append(1))
    model.rowsInserted.connect(lambda *_: changes.append(1))
    model.set_rows([Row("A", "1")])
    assert changes == []


def test_a_snapshot_becomes_plain_objects_in_camel_case() -> None:
    assert to_variant((Row("A", "1"), None)) == [{"sku": "A", "priceText": "1"}, None]
