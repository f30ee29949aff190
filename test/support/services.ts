import { rmSync } from 'node:fs';
import { loadConfig } from '../../src/platform/config';
import { silentLogger } from '../../src/platform/logging';
import type { Services } from '../../src/platform/services';
import { testKeys } from './auth';
import type { DatabaseContext } from './databases';
import { makeScratch } from './scratch-folder';

export interface ServicesBench {
  services: Services;
  /** Moves the clock, which otherwise stands still. */
  pass: (ms: number) => void;
  release: () => void;
}

/** Everything a job or an event handler works with, on a fresh database and in a folder of its own. Release it. */
export async function servicesBench(context: DatabaseContext): Promise<ServicesBench> {
  let now = Date.UTC(2026, 10, 22, 1, 0, 0);
  const clock = (): number => now;
  const { database, uow } = await context.openUow({ clock });
  const dataDir = makeScratch('data');
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: dataDir } });
  const services = { config, database, uow, keys: testKeys, log: silentLogger(), clock, timeZone: 'Asia/Shanghai' };
  return {
    services,
    pass: (ms) => (now += ms),
    release: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}
