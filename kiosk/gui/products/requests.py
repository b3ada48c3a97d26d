"""What customers asked for by its number and the shop does not have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Signal, Slot

from kiosk.catalog import CodeRequest
from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.shop import Shop

LISTED = 100  # nobody reads further; the export has all


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A number, how often it was asked for, and how many days ago last."""

    code: str
    times: int
    days_ago: int


@dataclass(frozen=True, slots=True)
class RequestsView:
    """`total` counts those beyond the rows, too; `listed`: staff look at the list."""

    rows: tuple[RequestRow, ...] = ()
    total: int = 0
    listed: bool = False
    fault: str = ""


def request_row(request: CodeRequest, now: datetime) -> RequestRow:
    """Days are those of the calendar where the kiosk stands."""
    days = now.astimezone().date() - request.last_at.astimezone().date()
    return RequestRow(request.code, request.count, max(days.days, 0))


class RequestsViewModel(ViewModel[RequestsView]):
    """Reads the list when the products screen comes up, and after each change of it."""

    enrol_asked = Signal(str)

    def __init__(self, tasks: TaskRunner, shop: Shop) -> None:
        super().__init__(RequestsView())
        self._tasks = tasks
        self._shop = shop

    def refresh(self) -> None:
        """Read the list anew."""
        self._tasks.run(self._list_requests, self._found, self._fail)

    @Slot(bool)
    def showList(self, on: bool) -> None:
        self._change(listed=on)

    @Slot(str)
    def enrol(self, code: str) -> None:
        self._change(listed=False)
        self.enrol_asked.emit(code)

    @Slot(str)
    def forget(self, code: str) -> None:
        """The shop does not want to sell it."""

        def work() -> list[CodeRequest]:
            self._shop.code_requests.forget_request(code)
            return self._list_requests()

        self._tasks.run(work, self._found, self._fail)

    def _list_requests(self) -> list[CodeRequest]:
        return self._shop.code_requests.code_requests()

    def _found(self, requests: list[CodeRequest]) -> None:
        now = datetime.now(UTC)
        rows = tuple(request_row(request, now) for request in requests[:LISTED])
        self._change(rows=rows, total=len(requests), fault="")

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))
