import { skipUnlessOutside } from '../../support/skip';
import { databaseContext, SERVERS } from '../../support/databases';
import { expect } from 'chai';
import { pendingSteps } from '../../../src/platform/database';
import { migrations } from '../../../migrations';

describe('the vendors’ servers', () => {
  for (const { kind, variables } of SERVERS)
    describe(kind, () => {
      const context = databaseContext(kind);

      it('takes the whole schema, as it is defined', async function () {
        const reached = variables.some((name) => process.env[name]);
        skipUnlessOutside(this, reached, `${variables.join(' or ')} is not set: no test ran on ${kind}`);
        this.timeout(300_000);
        const database = await context.open();
        expect(await pendingSteps(database, migrations)).to.equal(0);
      });
    });
});
