import { expect } from 'chai';
import { checkKeys } from '../../../src/app/key-check';
import { createKeyRing } from '../../../src/platform/crypto';
import { forEachDatabase } from '../../support/databases';
import { servicesBench } from '../../support/services';

describe('key check', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('takes the first key file as the right one, and refuses any other', async () => {
      const { services, release } = await servicesBench(context);
      await Promise.all([checkKeys(services), checkKeys(services)]);
      await checkKeys(services);
      const keys = createKeyRing({ current: 'k1', keys: new Map([['k1', Buffer.alloc(32, 3)]]) });
      const refused = await checkKeys({ ...services, keys }).catch((error: unknown) => error);
      expect(refused)
        .to.be.instanceOf(Error)
        .with.property('message')
        .match(/not the one that this database/);
      release();
    });
  });
});
