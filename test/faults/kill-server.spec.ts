import { expect } from 'chai';
import { killRounds } from '../support/crash/kill-rounds';
import { mariadbInstalled } from '../support/mariadb-server';
import { skipUnless } from '../support/skip';

// Longer by environment: ERP_TEST_KILLS=50 ERP_TEST_SEED=17 npm test -- faults; or npm run test:faults, which prints each round.
const KILLS = Number(process.env.ERP_TEST_KILLS ?? 3);
const SEED = Number(process.env.ERP_TEST_SEED ?? Math.floor(Math.random() * 1_000_000));

describe('kill -9 under load of sales', function () {
  this.timeout(600_000);
  for (const database of ['sqlite', 'mariadb'] as const)
    it(`loses and doubles nothing on ${database} (seed ${SEED})`, async function () {
      if (database === 'mariadb') skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
      const report = await killRounds({ database, kills: KILLS, seed: SEED });
      expect(report.problems).to.eql([]);
      expect(report.serverKills).to.be.at.least(KILLS);
      expect(report.acknowledged).to.be.greaterThan(0);
    });
});
