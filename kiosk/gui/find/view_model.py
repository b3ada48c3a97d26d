"""The find screen: by words, by category, and by the last picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Slot

from kiosk.domain import Image, Product
from kiosk.gui.find.characters import next_characters
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.gui.widgets.picture_key import LAST_PICTURE

PAUSE_MS = 220  # after the last key; chosen by eye


@dataclass(frozen=True, slots=True)
class FindView:
    """What is looked for and what was found.

    `picture_key` names the camera's last picture; empty: there is none. `with_picture`:
    what is like it is looked for. `characters` are the ideographs that can come next.
    """

    text: str = ""
    category: str = ""
    with_picture: bool = False
    picture_key: str = ""
    categories: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    searched: bool = False
    results: tuple[ProductView, ...] = ()
    selected: ProductView | None = None

    @property
    def has_picture(self) -> bool:
        return bool(self.picture_key)


@dataclass(frozen=True, slots=True)
class Finder:
    """The shop's side of the search; each function may take its time."""

    search: Callable[[Image | None, str, str], list[Product]]
    categories: Callable[[], list[str]]
    names: Callable[[], list[str]]


class FindViewModel(ViewModel[FindView]):
    """Searches a moment after the last key; an answer that came too late is dropped."""

    def __init__(self, tasks: TaskRunner, finder: Finder, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(FindView())
        self._tasks = tasks
        self._finder = finder
        self._picture: Image | None = None
        self._names: tuple[str, ...] = ()
        self._asked = 0
        self._pause = self._make_timer(pause_ms, self._search)

    @property
    def picture(self) -> Image | None:
        return self._picture

    def set_picture(self, picture: Image | None) -> None:
        """The last thing held to the camera; kept in memory until the session ends."""
        self._picture = picture
        key = "" if picture is None else str(LAST_PICTURE)
        self._change(picture_key=key, with_picture=self.view.with_picture and bool(key))

    def open(self, *, with_picture: bool = False) -> None:
        """The screen comes up."""
        self._ask(text="", category="", with_picture=with_picture and self._picture is not None)
        self._tasks.run(
            lambda: (tuple(self._finder.categories()), tuple(self._finder.names())),
            self._know,
        )
        self._search()

    def forget(self) -> None:
        """The session is over."""
        self._picture = None
        self._asked += 1
        self._pause.stop()
        self.show(FindView(categories=self.view.categories, characters=self._characters("")))

    @Slot(str)
    def setText(self, text: str) -> None:
        self._ask(text=text)

    @Slot(str)
    def setCategory(self, category: str) -> None:
        self._ask(category="" if category == self.view.category else category)

    @Slot(bool)
    def setWithPicture(self, on: bool) -> None:
        self._ask(with_picture=on and self._picture is not None)

    @Slot(str)
    def select(self, sku: str) -> None:
        """Open one of the results; an unknown SKU closes it."""
        found = next((product for product in self.view.results if product.sku == sku), None)
        self._change(selected=found)

    def _ask(self, **changes: str | bool) -> None:
        view = replace(self.view, **changes, selected=None)  # type: ignore[arg-type]
        self.show(replace(view, characters=self._characters(view.text)))
        self._pause.start()

    @Slot()
    def _search(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, text, category = self._asked, self.view.text.strip(), self.view.category
        picture = self._picture if self.view.with_picture else None
        self._tasks.run(
            lambda: self._finder.search(picture, text, category),
            lambda found: self._found(asked, found),
            lambda _: self._found(asked, []),
        )

    def _found(self, asked: int, found: list[Product]) -> None:
        if asked == self._asked:
            results = tuple(show_product(product) for product in found)
            self._change(results=results, searched=True)

    def _know(self, known: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        categories, self._names = known
        self._change(categories=categories, characters=self._characters(self.view.text))

    def _characters(self, text: str) -> tuple[str, ...]:
        return tuple(next_characters(self._names, text))
