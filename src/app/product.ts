import { createIdentity, DatabaseSessionStore, ensureReadyRoles } from '../platform/auth';
import type { Config } from '../platform/config';
import { sql } from '../platform/database';
import type { Logger } from '../platform/logging';
import type { Services } from '../platform/services';
import { ensureFirstRevision, revisionRecorder } from './configuration';
import { type App, createApp } from './create-app';
import { openServices } from './create-services';
import { checkKeys } from './key-check';
import { readOff } from './module-store';
import { modules } from './modules';
import { migrateSchema, SchemaMismatch, schemaState } from './schema-state';
import { keepStoreChoices } from './store-choices';
import { openTexts } from './texts';

export interface Product {
  app: App;
  services: Services;
  close: () => Promise<void>;
}

interface ProductOptions {
  /** The installation lies around it. */
  configFile?: string | undefined;
  /** For a rehearsal on a copy: nothing leaves it. */
  neutralised?: boolean;
}

/**
 * Opens everything that serving needs: database, schema, roles, pages. The embedded database is brought up to date; a
 * server database is not (other nodes may still run the old version): SchemaMismatch says what to do.
 */
export async function openProduct(
  config: Config,
  log: Logger,
  { configFile, neutralised = false }: ProductOptions = {},
): Promise<Product> {
  const { services, close } = await openServices(config, { log, beforeCommit: revisionRecorder(modules), neutralised });
  try {
    await prepareSchema(services);
    await checkKeys(services);
    const app = assemble(services, configFile);
    await ensureReadyRoles(services.uow, app.manifests);
    await ensureFirstRevision(services.uow, modules);
    return { app, services, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepareSchema({ database, log }: Services): Promise<void> {
  const found = await schemaState(database);
  if (found.state === 'newer')
    throw new SchemaMismatch(
      `The database was used by a newer version of the program (${found.unknown[0]}). Start that version, or restore a backup of this one.`,
    );
  if (found.state === 'current') return;
  if (database.dialect !== 'sqlite')
    throw new SchemaMismatch(
      `The schema of the database is older than the program (steps missing: ${found.pending}). Run: phone-erp database migrate`,
    );
  const steps = await migrateSchema(database);
  log.info({ steps }, 'the schema was brought up to date');
}

function assemble(services: Services, configFile: string | undefined): App {
  const translator = openTexts(services.log);
  return createApp({
    services,
    modules,
    configFile,
    identity: createIdentity(services, translator),
    sessionStore: new DatabaseSessionStore(services),
    listStores: keepStoreChoices(services.database, services.clock),
    readOff: () => readOff(services.database.read),
    notReady: () => reasonsNotReady(services),
    translator,
    secret: services.keys.hash('cookies', 'http'),
  });
}

async function reasonsNotReady({ database, log }: Services): Promise<string[]> {
  try {
    await database.read.one(sql`SELECT COUNT(*) AS steps FROM schema_step`);
    const { state } = await schemaState(database);
    return state === 'current' ? [] : [`the schema of the database is ${state} than the program`];
  } catch (error) {
    log.warn({ err: error }, 'the database does not answer');
    return ['the database does not answer'];
  }
}
