"""Long work: start it, watch it (also as server-sent events), cancel it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import StreamingResponse

from kiosk.api.indexing import reindex_work, sync_work
from kiosk.api.jobs import Job, JobState
from kiosk.api.problems import ProblemError
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Reading, ServiceIn, Staff, problems
from kiosk.api.service import Service
from kiosk.api.shapes import JobIn, JobOut

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"], responses=problems(404))
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]
POLL_S = 0.1  # chosen by eye
HEARTBEAT_S = 15.0  # proxies close silent connections after 30 s and more; chosen by eye


@router.post("", status_code=202, dependencies=[Staff], responses=problems(409))
def start_job(body: JobIn, service: ServiceIn, request: Request) -> JobOut:
    """Encode what has no vector yet (`reindex`), or index the source folder (`sync`)."""
    if body.kind == "sync":
        work = sync_work(service, full=body.full, accept_loss=body.accept_loss)
    else:
        work = reindex_work(service)
    job = service.jobs.start(body.kind, work)
    note_change(request.state, f"job {job.id} ({job.kind}) started")
    return out(job)


@router.get("", dependencies=[Reading])
def list_jobs(service: ServiceIn) -> list[JobOut]:
    """The last fifty jobs, newest first."""
    return [out(job) for job in service.jobs.all()]


@router.get("/{job_id}", dependencies=[Reading])
def read_job(job_id: JobId, service: ServiceIn) -> JobOut:
    """How far a job is."""
    return out(service.jobs.get(job_id))


@router.delete("/{job_id}", status_code=202, dependencies=[Staff])
def cancel_job(job_id: JobId, service: ServiceIn, request: Request) -> JobOut:
    """Ask a job to end at its next step; what it has done so far stays."""
    job = service.jobs.cancel(job_id)
    note_change(request.state, f"job {job_id} cancelled")
    return out(job)


@router.get(
    "/{job_id}/events",
    dependencies=[Reading],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def watch_job(job_id: JobId, service: ServiceIn) -> StreamingResponse:
    """Server-sent events `progress`, and at last one named after the state the job ended in."""
    service.jobs.get(job_id)
    return StreamingResponse(_events(service, job_id), media_type="text/event-stream")


def out(job: Job) -> JobOut:
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state.value,
        done=job.done,
        total=job.total,
        message=job.message,
        result=job.result,
        started_at=job.started_at,
        ended_at=job.ended_at,
        events_url=f"/api/v1/jobs/{job.id}/events",
    )


async def _events(service: Service, job_id: str) -> AsyncIterator[str]:
    shown, silent_s = -1, 0.0
    while not service.closing.is_set():
        try:
            job = service.jobs.get(job_id)
        except ProblemError:
            return  # so many jobs came after it that it was forgotten
        if job.version != shown:
            shown, silent_s = job.version, 0.0
            name = "progress" if job.state is JobState.RUNNING else job.state.value
            data = json.dumps(out(job).model_dump(mode="json"), ensure_ascii=False)
            yield f"id: {job.version}\nevent: {name}\ndata: {data}\n\n"
        if job.state is not JobState.RUNNING:
            return
        if silent_s >= HEARTBEAT_S:
            silent_s = 0.0
            yield ": still running\n\n"
        await asyncio.sleep(POLL_S)
        silent_s += POLL_S
