import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createBackup } from '../../../src/app/backup/create-backup';
import { restoreBackup } from '../../../src/app/backup/restore-backup';
import { fillDemo } from '../../../src/app/demo';
import { newKeyPair, readBackup } from '../../../src/platform/backup';
import { forEachDatabase } from '../../support/databases';
import { servicesBench } from '../../support/services';

const SIZE = { days: 2, salesPerDay: 3, openingDevices: 12, customers: 5 };

describe('a backup', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'erp-backup-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  forEachDatabase((context) => {
    it('holds every row, and goes into an empty database of another kind', async () => {
      const { services, release } = await servicesBench(context);
      await fillDemo(services, { size: SIZE, seed: 1 });
      const keys = await newKeyPair();
      const created = await createBackup(services, {
        folder,
        sealing: { recipients: [keys.recipient] },
      });
      expect(readdirSync(folder)).to.deep.equal([created.name]);
      const opening = { identities: [keys.identity] };
      const read = await readBackup(createReadStream(created.file), { opening });
      expect(read.sha256).to.equal(created.sha256);
      const url = `sqlite:${path.join(folder, 'restored', 'shop.sqlite')}`;
      const restored = await restoreBackup({ file: createReadStream(created.file), opening, url });
      expect(restored.rows).to.equal(created.rows).and.above(100);
      release();
    });
  });
});
