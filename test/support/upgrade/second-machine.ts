import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { parse, stringify } from 'yaml';
import { freePort } from '../free-port';
import { type Installed, readState, runFile } from './installation';
import { OLD, type Versions } from './versions';
import { makeScratch } from '../scratch-folder';

/** Another installation of the same version on the same database, with folders of its own and the same key. */
export async function joinMachine(versions: Versions, first: Installed): Promise<Installed> {
  const port = await freePort();
  const folder = makeScratch('second');
  const [app, dataDir] = [path.join(folder, 'app'), path.join(folder, 'data')];
  const program = path.join(app, 'versions', OLD, 'phone-erp');
  mkdirSync(path.dirname(program), { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  copyFileSync(versions.old, program);
  chmodSync(program, 0o755);
  symlinkSync(path.join('versions', OLD), path.join(app, 'current'));
  copyFileSync(path.join(first.dataDir, 'secret.key'), path.join(dataDir, 'secret.key'));
  const configFile = path.join(app, 'config.yaml');
  const config = parse(readFileSync(first.configFile, 'utf8')) as object;
  writeFileSync(configFile, stringify({ ...config, dataDir, server: { host: '127.0.0.1', port } }));
  return {
    ...first,
    folder: app,
    configFile,
    dataDir,
    port,
    run: (...args) => runFile(path.join(app, 'current', 'phone-erp'), args),
    version: () => path.basename(readlinkSync(path.join(app, 'current'))),
    state: () => readState(dataDir),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
