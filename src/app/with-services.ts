import { migrations } from '../../migrations';
import { loadConfig } from '../platform/config';
import { migrate } from '../platform/database';
import { silentLogger } from '../platform/logging';
import type { Services } from '../platform/services';
import { openServices } from './create-services';
import { checkKeys } from './key-check';

export interface CommandDatabase {
  config?: string | undefined;
  /** Connection URL instead of the configured one. */
  database?: string | undefined;
}

/** Opens what a command works with on an up-to-date schema, and closes it afterwards. */
export async function withServices<T>(
  { config: file, database }: CommandDatabase,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const env = database === undefined ? process.env : { ...process.env, ERP_DATABASE_URL: database };
  const config = loadConfig({ file, env });
  const { services, close } = await openServices(config, { log: silentLogger() });
  try {
    await migrate(services.database, migrations);
    await checkKeys(services);
    return await work(services);
  } finally {
    await close();
  }
}
