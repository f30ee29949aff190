import type { Config } from '../../platform/config';
import { type Database, embeddedFile, openDatabase } from '../../platform/database';
import type { Installation } from '../../platform/release';
import { version } from '../../platform/version';
import { programUpgrade, readMaintenance } from '../maintenance';
import { schemaState, type SchemaState } from '../schema-state';
import { readUpgrade } from './state';

/** What a version of the program sees in a database that other machines use as well. */
export interface SeenDatabase {
  state: SchemaState['state'];
  /** An upgrade has it, maybe from another machine. */
  upgrading: string | null;
  /** An upgrade to this very version has come to its end in it. */
  recorded: boolean;
  /** The last version that an upgrade brought it to. */
  broughtTo: string | null;
}

/** Undefined for an embedded database, which has no other machines. */
export async function seenDatabase({ database: { url } }: Config): Promise<SeenDatabase | undefined> {
  if (embeddedFile(url) !== undefined) return undefined;
  const database = await openDatabase(url, { poolSize: 1, readOnly: true });
  try {
    return await lookAt(database);
  } finally {
    await database.close();
  }
}

/** The same of a database that is open. */
export async function lookAt(database: Database): Promise<SeenDatabase | undefined> {
  if (database.dialect === 'sqlite') return undefined;
  const { state } = await schemaState(database);
  const maintenance = await readMaintenance(database.read).catch(() => null);
  // The first installation has no such tables yet.
  const upgrades = await database.read.find(programUpgrade, {}).catch(() => []);
  return {
    state,
    upgrading: maintenance?.kind === 'upgrade' ? (maintenance.token ?? '') : null,
    recorded: upgrades.some(({ toVersion }) => toVersion === version),
    broughtTo: upgrades.toSorted((a, b) => b.id - a.id)[0]?.toVersion ?? null,
  };
}

/** Why a server that is one of several may not work: the database is that of another version, and this machine has to follow. */
export interface Behind {
  installed: string;
  /** The version to put in place here; null: not known. */
  wanted: string | null;
  direction: 'up' | 'back';
}

/** Undefined: nothing is in the way of serving. Programs that nobody installed are left to who started them. */
export function behindIn(
  seen: SeenDatabase | undefined,
  config: Config,
  installation: Installation | undefined,
): Behind | undefined {
  if (!seen || !installation) return undefined;
  if (seen.state === 'newer') return { installed: version, wanted: seen.broughtTo, direction: 'up' };
  // Only where this machine has followed an upgrade that was taken back elsewhere.
  if (seen.state === 'older' && hasFollowed(config)) return { installed: version, wanted: null, direction: 'back' };
  return undefined;
}

function hasFollowed(config: Config): boolean {
  const state = readUpgrade(config);
  return state?.follow === true && state.to === version;
}
