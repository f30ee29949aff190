import { expect } from 'chai';
import { jobLease, jobRun, scheduleJobs, takeLease } from '../../src/platform/jobs';
import { auditLog } from '../../src/platform/unit-of-work';
import { testApps } from '../support/http';

const JOB = 'administration.tidy-up';
const JOBS = '/administration/jobs';

describe('the page of jobs', () => {
  const start = testApps();

  async function planned() {
    const app = await start();
    const scheduler = scheduleJobs(app.services, app.app.manifests, () => Promise.resolve(true));
    await scheduler.caughtUp;
    await scheduler.stop();
    return app;
  }

  it('lists what is planned, runs a job now, says how it went and keeps the history', async () => {
    const app = await planned();
    const page = await app.get(JOBS).expect(200);
    expect(page.text).to.include('删除过期的登录和链接').and.include('还没运行过').and.include(`${JOBS}/${JOB}/runs`);
    const answer = await app.post(`${JOBS}/${JOB}/runs`);
    expect(answer.status).to.equal(303);
    expect(answer.headers['location']).to.equal(`${JOBS}/${JOB}`);
    const history = await app.get(`${JOBS}/${JOB}`).expect(200);
    expect(history.text).to.include('已完成').and.include('删除过期的登录和链接');
    const runs = await app.database.read.find(jobRun, { jobId: JOB });
    expect(runs.map(({ outcome }) => outcome)).to.eql(['ok']);
    const entries = await app.database.read.find(auditLog, { action: 'administration.job.run' });
    expect(entries.map(({ actorId, detail }) => [actorId, detail])).to.eql([[app.actor.userId, { job: JOB }]]);
  });

  it('runs each job that it lists, those of no module too', async () => {
    const app = await planned();
    const ids = app.app.manifests.flatMap(({ jobs = [] }) => jobs.map(({ id }) => id));
    expect(ids).to.include.members(['system.back-up', 'system.verify-books', 'administration.tidy-up']);
    const page = (await app.get(JOBS)).text;
    for (const id of ids) {
      expect(page, id).to.include(`${JOBS}/${id}/runs`);
      expect((await app.post(`${JOBS}/${id}/runs`)).headers['location'], id).to.equal(`${JOBS}/${id}`);
    }
    const done = await app.database.read.find(jobRun, { jobId: 'system.verify-books' });
    expect(done.map(({ outcome }) => outcome)).to.eql(['ok']);
  });

  it('does not start a job that runs already', async () => {
    const app = await planned();
    const [row] = await app.database.read.find(jobLease, { jobId: JOB });
    const lease = await takeLease(app.uow, JOB, 'another node', (row?.lastDueAt ?? 0) + 1);
    await app.post(`${JOBS}/${JOB}/runs`);
    expect((await app.get(JOBS)).text).to.include('正在运行，没有再次启动');
    expect(await app.database.read.find(jobRun, { jobId: JOB })).to.eql([]);
    await lease?.release();
  });

  it('runs nothing for who may only look, and knows no other jobs', async () => {
    const app = await planned();
    const reader = await app.as({ permissions: ['administration.job.view'] });
    expect((await reader.get(JOBS)).text).to.not.include('/runs');
    expect((await reader.post(`${JOBS}/${JOB}/runs`)).status).to.equal(403);
    expect((await app.post(`${JOBS}/nothing.at-all/runs`)).status).to.equal(404);
    await app.get(`${JOBS}/nothing.at-all`).expect(404);
  });
});
