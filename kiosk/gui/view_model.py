"""View models: a frozen dataclass in Python, each of its fields a typed property in QML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from functools import cache
from types import NoneType, new_class
from typing import Any, ClassVar, Generic, TypeVar, cast, get_args, get_origin

from PySide6.QtCore import Property, QObject, QTimer, Signal
from PySide6.QtQml import qmlRegisterUncreatableType

from kiosk.errors import BugError
from kiosk.gui.rows_model import RowsModel, camel_case, shown_types, to_variant

QML_MODULE = "Shelflens"
REGISTERED_TYPES: set[type] = set()  # what QML can be handed
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a shown dataclass; `row_type` or `object_type` is the dataclass within, if any."""

    name: str
    qml_name: str
    qml_type: type | str
    row_type: type | None = None
    object_type: type | None = None


class ViewModel(QObject, Generic[V]):
    """Shows a frozen dataclass `V` to QML.

    Each field and each property of `V` becomes a read-only property, its name in camelCase,
    which notifies only when its own value has changed:

    - bool, int, float and str as they are, an `Enum` as its value;
    - `tuple[str, ...]` as a list of strings;
    - `tuple[Row, ...]`, where `Row` is a dataclass, as a `RowsModel` that lives as long as
      the view model and updates its rows in place;
    - a dataclass as an object with properties of its own, or null where it is None;
    - a QObject as itself, anything else as a `var`.
    """

    changed = Signal()
    _fields: ClassVar[tuple[_Field, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # PySide gathers a class's properties after this; it accepts no keywords of a class.
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if isinstance(origin := get_origin(base), type) and issubclass(origin, ViewModel):
                cls._fields = _fields_of(get_args(base)[0])
                for field in cls._fields:
                    _add_property(cls, field)

    def __init__(self, view: V) -> None:
        super().__init__()
        self._view = view
        self._models = {f.name: RowsModel(f.row_type) for f in self._fields if f.row_type}
        self._objects: dict[str, ViewModel[Any]] = {}
        for field in self._fields:
            self._fill(field)

    @property
    def view(self) -> V:
        """What QML sees now."""
        return self._view

    def show(self, view: V) -> None:
        """Make `view` what QML sees, and notify of what differs.

        `changed` comes first: what it moves in Python is in place when QML reads.
        """
        before, self._view = self._view, view
        different = [f for f in self._fields if getattr(view, f.name) != getattr(before, f.name)]
        for field in different:
            self._fill(field)
        if different:
            self.changed.emit()
        for field in different:
            getattr(self, f"{field.qml_name}Changed").emit()

    def _change(self, **changes: object) -> None:
        """Show the view with some of its fields changed."""
        self.show(replace(self._view, **changes))  # type: ignore[type-var]

    def _make_timer(
        self, interval_ms: int, call: Callable[[], object], *, once: bool = True
    ) -> QTimer:
        timer = QTimer(self, interval=interval_ms, singleShot=once)
        timer.timeout.connect(call)
        return timer

    def _fill(self, field: _Field) -> None:
        """Bring the list model or the object of a field up to date."""
        value = getattr(self._view, field.name)
        if field.row_type:
            self._models[field.name].set_rows(value)
        elif field.object_type and value is not None:
            if field.name in self._objects:
                self._objects[field.name].show(value)
            else:
                self._objects[field.name] = _object_type(field.object_type)(value)

    def _read(self, field: _Field) -> Any:
        value = getattr(self._view, field.name)
        if field.row_type:
            return self._models[field.name]
        if field.object_type:
            return None if value is None else self._objects[field.name]
        return value if isinstance(value, QObject) else to_variant(value)


def _add_property(cls: type[ViewModel[Any]], field: _Field) -> None:
    if hasattr(cls, field.qml_name):
        raise BugError(f"{cls.__name__} has a {field.qml_name} beside the field that it shows.")
    notify = Signal()
    setattr(cls, f"{field.qml_name}Changed", notify)
    read = Property(field.qml_type, lambda self: self._read(field), notify=notify)  # type: ignore[arg-type]
    setattr(cls, field.qml_name, read)


def _fields_of(view: object) -> tuple[_Field, ...]:
    types = shown_types(view) if isinstance(view, type) else {}
    return tuple(_field(name, hint) for name, hint in types.items())


def _field(name: str, hint: Any) -> _Field:
    qml_name = camel_case(name)
    kinds = [kind for kind in get_args(hint) if kind not in (NoneType, Ellipsis)]
    inner: Any = kinds[0] if len(kinds) == 1 else hint
    if is_dataclass(inner) and get_origin(hint) is tuple:
        return _Field(name, qml_name, _registered(RowsModel), row_type=cast("type", inner))
    if is_dataclass(inner):
        shown = cast("type", inner)
        return _Field(name, qml_name, _object_type(shown), object_type=shown)
    return _Field(name, qml_name, _plain_type(hint))


def _plain_type(hint: Any) -> type | str:
    if hint == tuple[str, ...]:
        return "QStringList"
    if not isinstance(hint, type):
        return "QVariant"
    if issubclass(hint, QObject):
        return _registered(hint)
    if issubclass(hint, Enum):
        return str
    return hint if hint in (bool, int, float, str) else "QVariant"


@cache
def _object_type(view: type) -> type[ViewModel[Any]]:
    """The type of the QML objects that show dataclass `view`."""
    return _registered(new_class(f"{view.__name__}Object", (ViewModel[view],)))  # type: ignore[valid-type]


def _registered(cls: type) -> type:
    """Make a type known to QML: only then is a property of it typed."""
    if cls not in REGISTERED_TYPES:
        REGISTERED_TYPES.add(cls)
        name, reason = cls.__name__, "It is made in Python."
        qmlRegisterUncreatableType(cls, QML_MODULE, 1, 0, name, reason)  # type: ignore[arg-type]
    return cls
