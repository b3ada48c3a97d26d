"""The find screen: by words, by category, and by the last picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Property, QObject, QTimer, Slot

from kiosk.domain import Image, Product
from kiosk.gui.find.characters import next_characters
from kiosk.gui.look.view_model import ProductView, show_product
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.gui.widgets.rows_model import RowsModel

PAUSE_MS = 220
LAST_PICTURE = "last/picture"


@dataclass(frozen=True, slots=True)
class FindRequest:
    """What is looked for. `with_picture`: also like the last picture of the camera."""

    text: str = ""
    category: str = ""
    with_picture: bool = False


@dataclass(frozen=True, slots=True)
class FindView:
    text: str = ""
    category: str = ""
    categories: tuple[str, ...] = ()
    with_picture: bool = False
    has_picture: bool = False
    count: int = 0
    searched: bool = False
    selected: ProductView | None = None
    characters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindState:
    request: FindRequest = field(default_factory=FindRequest)
    found: tuple[Product, ...] = ()
    searched: bool = False
    has_picture: bool = False
    categories: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    selected: Product | None = None


def derive_find(state: FindState) -> FindView:
    return FindView(
        text=state.request.text,
        category=state.request.category,
        categories=state.categories,
        with_picture=state.request.with_picture,
        has_picture=state.has_picture,
        count=len(state.found),
        searched=state.searched,
        selected=show_product(state.selected) if state.selected else None,
        characters=tuple(next_characters(state.names, state.request.text)),
    )


@dataclass(frozen=True, slots=True)
class Finder:
    """The shop's side of the search; each function may take its time."""

    search: Callable[[Image | None, str, str], list[Product]]
    categories: Callable[[], list[str]]
    names: Callable[[], list[str]]


class FindViewModel(ViewModel):
    """Searches a moment after the last key; an answer that came too late is dropped."""

    def __init__(self, tasks: TaskRunner, finder: Finder, pause_ms: int = PAUSE_MS) -> None:
        super().__init__()
        self._tasks = tasks
        self._finder = finder
        self._picture: Image | None = None
        self._state = FindState()
        self._asked = 0
        self._rows = RowsModel(ProductView)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self._search)
        self._derive()

    def _get_results(self) -> QObject:
        return self._rows

    results = Property(QObject, _get_results, constant=True)

    @property
    def picture(self) -> Image | None:
        return self._picture

    def set_picture(self, picture: Image | None) -> None:
        """The last thing held to the camera; kept in memory until the session ends."""
        self._picture = picture
        request = self._state.request
        self._state = replace(
            self._state,
            has_picture=picture is not None,
            request=replace(request, with_picture=request.with_picture and picture is not None),
        )
        self._derive()

    def open(self, *, with_picture: bool = False) -> None:
        """The screen comes up."""
        wanted = with_picture and self._picture is not None
        self._ask(FindRequest(with_picture=wanted))
        self._tasks.run(
            lambda: (tuple(self._finder.categories()), tuple(self._finder.names())),
            self._know,
        )
        self._search()

    def forget(self) -> None:
        self.set_picture(None)
        self._asked += 1
        self._pause.stop()
        self._state = FindState(categories=self._state.categories, names=self._state.names)
        self._derive()

    @Slot(str)
    def setText(self, text: str) -> None:
        self._ask(replace(self._state.request, text=text))

    @Slot(str)
    def setCategory(self, category: str) -> None:
        same = category == self._state.request.category
        self._ask(replace(self._state.request, category="" if same else category))

    @Slot(bool)
    def setWithPicture(self, on: bool) -> None:
        self._ask(replace(self._state.request, with_picture=on and self._picture is not None))

    @Slot(str)
    def select(self, sku: str) -> None:
        product = next((p for p in self._state.found if p.sku == sku), None)
        self._state = replace(self._state, selected=product)
        self._derive()

    def _ask(self, request: FindRequest) -> None:
        self._state = replace(self._state, request=request, selected=None)
        self._derive()
        self._pause.start()

    @Slot()
    def _search(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, request = self._asked, self._state.request
        picture = self._picture if request.with_picture else None
        self._tasks.run(
            lambda: self._finder.search(picture, request.text.strip(), request.category),
            lambda found: self._found(asked, found),
            lambda _: self._found(asked, []),
        )

    def _found(self, asked: int, found: list[Product]) -> None:
        if asked == self._asked:
            self._state = replace(self._state, found=tuple(found), searched=True)
            self._derive()

    def _know(self, known: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        self._state = replace(self._state, categories=known[0], names=known[1])
        self._derive()

    def _derive(self) -> None:
        self._rows.set_rows([show_product(p) for p in self._state.found])
        self.show(derive_find(self._state))
