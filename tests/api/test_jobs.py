"""Jobs: one at a time, watched, cancelled, and honest about how they ended."""

from __future__ import annotations

import json
import threading

import pytest

from kiosk.api.jobs import JobBoard, JobState
from kiosk.api.problems import ProblemError
from kiosk.errors import StorageError
from kiosk.progress import Progress
from tests.api.conftest import Running, audit_lines, picture


class Steps:
    """Work that waits for the test at each step."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.went = threading.Semaphore(0)

    def __call__(self, on_progress: Progress) -> dict[str, object]:
        for step in range(1, 4):
            self.go.acquire()
            on_progress(step, 3)
            self.went.release()
        return {"steps": 3}


def test_a_job_reports_its_progress_and_result() -> None:
    board, steps = JobBoard(), Steps()
    job = board.start("count", steps)
    steps.go.release()
    steps.went.acquire()
    assert (board.get(job.id).done, board.get(job.id).total) == (1, 3)
    steps.go.release(2)
    ended = board.wait(job.id)
    assert (ended.state, ended.result) == (JobState.DONE, {"steps": 3})
    assert ended.ended_at is not None


def test_two_jobs_never_run_at_once() -> None:
    board, steps = JobBoard(), Steps()
    first = board.start("count", steps)
    with pytest.raises(ProblemError) as caught:
        board.start("count", steps)
    assert caught.value.status == 409
    steps.go.release(3)
    board.wait(first.id)
    second = board.start("count", lambda _: {})
    assert board.wait(second.id).state is JobState.DONE
    assert [job.id for job in board.all()] == [second.id, first.id]


def test_a_cancelled_job_ends_at_its_next_step() -> None:
    board, steps = JobBoard(), Steps()
    job = board.start("count", steps)
    board.cancel(job.id)
    steps.go.release()
    assert board.wait(job.id).state is JobState.CANCELLED


def test_a_failed_job_says_why_without_paths() -> None:
    def fail(_: Progress) -> dict[str, object]:
        raise StorageError("The disk of /srv/shop/photos is full.")

    board = JobBoard()
    ended = board.wait(board.start("sync", fail).id)
    assert (ended.state, ended.message) == (JobState.FAILED, "The disk of photos is full.")


def test_old_jobs_are_forgotten() -> None:
    board = JobBoard()
    for _ in range(60):
        board.wait(board.start("quick", lambda _: {}).id)
    assert len(board.all()) == 50


def test_closing_ends_the_job_that_runs() -> None:
    board, steps = JobBoard(), Steps()
    job = board.start("count", steps)
    steps.go.release(3)
    board.close()
    assert board.get(job.id).state in (JobState.CANCELLED, JobState.DONE)


def test_reindexing_encodes_what_another_process_added(service: Running) -> None:
    service.shop.catalog.add_photo("P-1", picture(1, 33))
    job = service.json("POST", "/api/v1/jobs", 202, json={"kind": "reindex"})
    assert job["state"] == "running"
    service.app.state.service.jobs.wait(job["id"])
    ended = service.json("GET", f"/api/v1/jobs/{job['id']}")
    assert ended["state"] == "done"
    assert ended["result"]["photos"] == 9
    assert audit_lines(service.shop)[0]["what"] == f"job {job['id']} (reindex) started"


def test_a_job_is_watched_as_server_sent_events(service: Running) -> None:
    steps = Steps()
    job = service.app.state.service.jobs.start("count", steps)
    seen: list[tuple[str, int]] = []
    with service.client.stream("GET", f"/api/v1/jobs/{job.id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                seen.append((name, json.loads(line[6:])["done"]))
                steps.go.release()
    assert seen[0] == ("progress", 0)
    assert seen[-1] == ("done", 3)
    assert [done for _, done in seen] == sorted(done for _, done in seen)


def test_an_unknown_job_is_not_found(shared: Running) -> None:
    shared.json("GET", "/api/v1/jobs/0123456789ab", 404)
    shared.json("GET", "/api/v1/jobs/0123456789ab/events", 404)
    shared.json("DELETE", "/api/v1/jobs/0123456789ab", 404)
    shared.json("GET", "/api/v1/jobs/nonsense", 422)


def test_the_model_in_use_can_be_chosen_again(service: Running) -> None:
    model = service.shop.index.model_id
    service.json("POST", "/api/v1/models/none/use", 404)
    job = service.json("POST", f"/api/v1/models/{model}/use", 202)
    assert service.app.state.service.jobs.wait(job["id"]).state is JobState.DONE
