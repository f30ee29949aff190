import { expect } from 'chai';
import { jobLease, jobRun, runJob, scheduleJobs, takeLease } from '../../../src/platform/jobs';
import { LEASE_MS } from '../../../src/platform/jobs/lease';
import { forEachDatabase } from '../../support/databases';
import { servicesBench, type ServicesBench } from '../../support/services';

describe('jobs', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());

    it('run once for each moment, whoever asks', async () => {
      let runs = 0;
      const job = { id: 'test.count', schedule: '* * * * *', run: async () => void runs++ };
      const dueAt = bench.services.clock();
      const outcomes = await Promise.all(['a', 'b', 'c'].map((node) => runJob(bench.services, job, dueAt, { node })));
      expect(outcomes.filter((outcome) => outcome === 'ok')).to.have.length(1);
      expect(runs).to.equal(1);
      expect(await runJob(bench.services, job, dueAt, { node: 'late' })).to.equal('elsewhere');
      expect(await runJob(bench.services, job, dueAt + 60_000, { node: 'b' })).to.equal('ok');
      expect(runs).to.equal(2);
      const rows = await bench.services.database.read.find(jobRun, { jobId: 'test.count' });
      expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'ok']);
    });

    it('are made up for after a downtime: once, however many runs were missed and nodes start', async () => {
      let runs = 0;
      // Due once a year by the real clock; the bench's clock is what counts here.
      const job = { id: 'test.yearly', schedule: '40 3 20 11 *', run: async () => void runs++ };
      const start = async (isOn = true): Promise<void> => {
        const nodes = [1, 2].map(() =>
          scheduleJobs(bench.services, [{ name: 'test', jobs: [job] }], () => Promise.resolve(isOn)),
        );
        await Promise.all(nodes.map(({ caughtUp }) => caughtUp));
        await Promise.all(nodes.map(({ stop }) => stop()));
      };
      await start();
      expect(runs, 'a job that is new has missed nothing').to.equal(0);
      const years = 2 * 366 * 24 * 3_600_000;
      bench.pass(years);
      await start(false);
      expect(runs, 'its module is off').to.equal(0);
      await start();
      expect(runs).to.equal(1);
      bench.pass(60_000);
      await start();
      expect(runs, 'nothing was missed since').to.equal(1);
    });

    it('keep their error and may run again', async () => {
      let broken = true;
      const job = {
        id: 'test.fail',
        schedule: '* * * * *',
        run: async () => {
          if (broken) throw new Error('customer 13812345678 is missing');
        },
      };
      expect(await runJob(bench.services, job, 1000)).to.equal('failed');
      broken = false;
      expect(await runJob(bench.services, job, 2000)).to.equal('ok');
      const rows = await bench.services.database.read.find(jobRun, { jobId: 'test.fail' });
      expect(rows[0]?.error).to.equal('customer 138****5678 is missing');
    });

    it('do not begin while another node works on the one before, unless that node is gone', async () => {
      const { uow, database } = bench.services;
      const first = await takeLease(uow, 'test.long', 'node-a', 1000);
      expect(first?.held).to.equal(true);
      expect(await takeLease(uow, 'test.long', 'node-b', 2000)).to.equal(null);
      bench.pass(LEASE_MS + 1);
      const second = await takeLease(uow, 'test.long', 'node-b', 2000);
      expect(second?.held).to.equal(true);
      await first?.release();
      const [row] = await database.read.find(jobLease, { jobId: 'test.long' });
      expect(row?.owner, 'the first one cannot release what is no longer its').to.equal('node-b');
      await second?.release();
      expect(await takeLease(uow, 'test.long', 'node-a', 2000), 'the same moment').to.equal(null);
    });
  });
});
