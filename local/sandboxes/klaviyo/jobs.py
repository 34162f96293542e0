"""Jobs: ``queued``, then ``processing`` halfway through the job lag, then ``complete``."""

from collections.abc import Callable
from typing import Any

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.errors import not_found
from local.sandboxes.klaviyo.records import Job
from local.sandboxes.klaviyo.state import KlaviyoState

SHARED = ("status", "created_at", "total_count", "completed_count", "completed_at")


def new_job(state: KlaviyoState, kind: str, total: int) -> Job:
    """A queued job."""
    job = Job(state.new_id("", 26), kind, state.clock.moment(), total)
    state.jobs[job.id] = job
    return job


def start(state: KlaviyoState, job: Job, work: Callable[[], None]) -> None:
    """Do the work after the job lag."""

    def begin() -> None:
        job.status, job.started = "processing", state.clock.moment()

    def finish() -> None:
        work()
        job.status, job.completed = "complete", state.clock.moment()

    state.later(state.settings.job_lag / 2, begin)
    state.later(state.settings.job_lag, finish)


def find(state: KlaviyoState, kind: str, identifier: str) -> Job:
    """The job of this kind, or 404."""
    job = state.jobs.get(identifier)
    if job is None or job.type != kind:
        raise not_found(kind, identifier)
    return job


def shown(job: Job, *more: str) -> dict[str, Any]:
    """A job as a resource, with these attributes beside the shared ones."""
    every = {
        "status": job.status,
        "created_at": rendering.iso(job.created),
        "started_at": rendering.iso(job.started),
        "completed_at": rendering.iso(job.completed),
        "expires_at": None,
        "total_count": job.total,
        "completed_count": job.completed_count,
        "failed_count": job.failed_count,
        "skipped_count": job.skipped_count,
    }
    return rendering.resource(job.type, job.id, {name: every[name] for name in (*SHARED, *more)})
