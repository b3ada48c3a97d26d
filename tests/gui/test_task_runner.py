from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtGui import QGuiApplication

from kiosk.errors import KnownError, StorageError
from kiosk.gui.task_runner import TaskRunner


@pytest.fixture
def tasks(application: QGuiApplication) -> Iterator[TaskRunner]:
    made = TaskRunner("test")
    yield made
    made.close()


def finish(tasks: TaskRunner) -> None:
    while tasks.is_busy:
        QCoreApplication.processEvents()


def test_work_runs_elsewhere_and_its_result_arrives_here(tasks: TaskRunner) -> None:
    threads: list[object] = []
    tasks.run(threading.current_thread, threads.append)
    tasks.run(lambda: 1, lambda _: threads.append(QThread.currentThread()))
    finish(tasks)
    assert threads[0] is not threading.current_thread()
    assert threads[1] == QCoreApplication.instance().thread()  # type: ignore[union-attr]


def test_results_keep_the_order_of_the_work(tasks: TaskRunner) -> None:
    got: list[int] = []
    for number in range(20):
        tasks.run(lambda number=number: number, got.append)  # type: ignore[misc]
    finish(tasks)
    assert got == list(range(20))


def test_a_known_error_goes_to_its_handler(tasks: TaskRunner) -> None:
    failures: list[KnownError] = []

    def work() -> None:
        raise StorageError("The disk is full.")

    tasks.run(work, None, failures.append)
    finish(tasks)
    assert [str(error) for error in failures] == ["The disk is full."]


def test_a_fault_of_ours_is_logged_and_the_worker_lives_on(
    tasks: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[KnownError] = []
    got: list[int] = []
    tasks.run(lambda: 1 // 0, None, failures.append)
    tasks.run(lambda: 7, got.append)
    finish(tasks)
    assert "ZeroDivisionError" in str(failures[0])
    assert got == [7]
    assert "A job of the window failed" in caplog.text


def test_after_closing_nothing_is_delivered(application: QGuiApplication) -> None:
    tasks = TaskRunner("test")
    got: list[int] = []
    release = threading.Event()
    tasks.run(lambda: release.wait(10), lambda _: got.append(1))
    release.set()
    tasks.close()
    tasks.run(lambda: 2, got.append)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert got == []
