import { rmSync } from 'node:fs';
import path from 'node:path';
import { type CreatedBackup, createBackup } from '../../src/app/backup/create-backup';
import { postSale } from '../../src/modules/sales';
import { openKeyRing } from '../../src/platform/crypto';
import { saveAttachment } from '../../src/platform/attachments';
import { type KeyPair, newKeyPair } from '../../src/platform/backup';
import { loadConfig } from '../../src/platform/config';
import { systemActor } from '../../src/platform/permissions';
import type { Services } from '../../src/platform/services';
import type { DatabaseContext } from './databases';
import { type SampleShop, sampleShop } from './sample-shop';
import { servicesBench } from './services';
import { makeScratch } from './scratch-folder';

export interface BackupBench {
  services: Services;
  shop: SampleShop;
  keys: KeyPair;
  /** For files of the test. */
  folder: string;
  sellCharger: () => Promise<unknown>;
  backup: (options?: { encrypted?: boolean; onProgress?: () => void }) => Promise<CreatedBackup>;
  release: () => void;
}

const actor = systemActor('test');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A shop that has sold something and keeps a picture, and where its backups go. Release it. */
export async function backupBench(context: DatabaseContext): Promise<BackupBench> {
  const bench = await servicesBench(context);
  const folder = makeScratch('backup');
  const keys = await newKeyPair();
  const config = loadConfig({
    env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: path.join(folder, 'data'), ERP_LOGGING_STDOUT: 'false' },
  });
  const services = { ...bench.services, config, keys: openKeyRing(config.security.keyFile) };
  const shop = await sampleShop(services.uow);
  const sellCharger = () =>
    postSale(services.uow, actor, {
      registerId: shop.registerId,
      lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 14_900 }],
    });
  await sellCharger();
  await saveAttachment(services, actor, { subjectType: 'test', subjectId: 1, name: '图.png', content: PNG });
  return {
    services,
    shop,
    keys,
    folder,
    sellCharger,
    backup: ({ encrypted = true, onProgress } = {}) =>
      createBackup(services, {
        folder: path.join(folder, 'made'),
        sealing: encrypted ? { recipients: [keys.recipient] } : undefined,
        onProgress,
      }),
    release: () => {
      bench.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
