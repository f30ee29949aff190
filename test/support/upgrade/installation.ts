import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { UpgradeState } from '../../../src/app/upgrade';
import { openDatabase } from '../../../src/platform/database';
import { environment } from '../packaged';
import { prepareShop } from '../crash/shop';
import { freePort } from '../free-port';
import { OLD, type Versions } from './versions';
import { makeScratch } from '../scratch-folder';

export interface Installed {
  folder: string;
  configFile: string;
  dataDir: string;
  url: string;
  port: number;
  /** Runs `current/phone-erp`. */
  run: (...args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>;
  /** The version that the link leads to. */
  version: () => string;
  state: () => UpgradeState | undefined;
  /** What tells the data of one version from those of the other. */
  look: () => Promise<{ stores: string[]; notes: string[]; steps: number; debitFen: number; maintenance: string[] }>;
  remove: () => void;
}

/** An installation as the setup leaves it, with a shop in its database. `from`: a copy of one that was made before. */
export async function install(versions: Versions, url?: string, from?: Installed): Promise<Installed> {
  const port = await freePort();
  const folder = makeScratch('upgrade');
  const app = path.join(folder, 'app');
  const dataDir = path.join(folder, 'data');
  const address = url ?? `sqlite:${path.join(dataDir, 'phone-erp.sqlite')}`;
  const configFile = path.join(app, 'config.yaml');
  const program = path.join(app, 'versions', OLD, 'phone-erp');
  mkdirSync(path.dirname(program), { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  copyFileSync(versions.old, program);
  chmodSync(program, 0o755);
  symlinkSync(path.join('versions', OLD), path.join(app, 'current'));
  const server = { host: '127.0.0.1', port };
  writeFileSync(
    configFile,
    stringify({ dataDir, server, database: { url: address }, logging: { stdout: false, level: 'warn' } }),
  );
  if (from && url === undefined) {
    copyFileSync(path.join(from.dataDir, 'phone-erp.sqlite'), path.join(dataDir, 'phone-erp.sqlite'));
    copyFileSync(path.join(from.dataDir, 'secret.key'), path.join(dataDir, 'secret.key'));
  } else {
    const env = { ERP_DATABASE_URL: address, ERP_DATA_DIR: dataDir, ERP_LOGGING_LEVEL: 'silent' };
    await prepareShop(env, 1, 5);
  }
  const query = async <T>(text: string): Promise<T[]> => {
    const database = await openDatabase(address, { poolSize: 1, readOnly: true });
    try {
      return await database.dataSource.query<T[]>(text);
    } finally {
      await database.close();
    }
  };
  return {
    folder: app,
    configFile,
    dataDir,
    url: address,
    port,
    run: (...args) => runFile(path.join(app, 'current', 'phone-erp'), args),
    version: () => path.basename(readlinkSync(path.join(app, 'current'))),
    state: () => readState(dataDir),
    look: async () => ({
      stores: (await query<{ name: string }>('SELECT name FROM store ORDER BY id')).map(({ name }) => name),
      notes: await query<{ note: string }>('SELECT note FROM next_note').then(
        (rows) => rows.map(({ note }) => note),
        () => ['no table'],
      ),
      steps: Number(
        (await query<{ total: number }>("SELECT COUNT(*) AS total FROM schema_step WHERE step_key LIKE '9001%'"))[0]
          ?.total,
      ),
      debitFen: Number((await query<{ total: number }>('SELECT SUM(debit_fen) AS total FROM journal_line'))[0]?.total),
      maintenance: (await query<{ kind: string }>('SELECT kind FROM maintenance_state')).map(({ kind }) => kind),
    }),
    // With the copy that `snapshot` makes beside it.
    remove: () => [folder, `${folder}-copy`].forEach((one) => rmSync(one, { recursive: true, force: true })),
  };
}

export function readState(dataDir: string): UpgradeState | undefined {
  const file = path.join(dataDir, 'upgrade', 'state.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as UpgradeState) : undefined;
}

export function runFile(
  file: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(file, [...args], { env: environment(), maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
