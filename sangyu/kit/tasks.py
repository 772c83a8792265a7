"""Housekeeping of the background work itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

DONE_HOURS, FAILED_HOURS = 7 * 24, 90 * 24  # how long a job that ended stays to be looked at


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kit.revive", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker was killed go back into the queue; each leaves nothing half-done, so doing it anew is safe."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="kit.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Once a night: jobs long ended go. Some are done every minute, millions in a year."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(DONE_HOURS)
    await jobs.delete_old_jobs(FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
