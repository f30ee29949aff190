export { type Lease, takeLease } from './lease';
export { errorText, type JobOutcome, nodeName, runJob, runJobNow } from './run-job';
export { scheduleJobs, type Scheduler } from './schedule-jobs';
export { jobLease, jobRun } from './tables';
