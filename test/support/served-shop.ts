import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { foundAdministrator } from '../../src/app/founding';
import { openProduct } from '../../src/app/product';
import { serve, type Serving } from '../../src/app/serve';
import { postSale } from '../../src/modules/sales';
import { loadConfig } from '../../src/platform/config';
import { silentLogger } from '../../src/platform/logging';
import { systemActor } from '../../src/platform/permissions';
import type { Services } from '../../src/platform/services';
import { freePort } from './free-port';
import { sampleShop } from './sample-shop';

const LOGIN = 'chief';
const PASSWORD = 'plover kettle 42';
const WAIT_MS = 90_000;

/** A shop that is served as in life: with a configuration file, restarted whenever the server asks for it. */
export interface ServedShop {
  folder: string;
  configFile: string;
  /** Where the backups go. */
  disk: string;
  agent: TestAgent;
  signIn: () => Promise<void>;
  get: (address: string) => Promise<supertest.Response>;
  post: (address: string, fields?: Record<string, string>) => Promise<supertest.Response>;
  /** What is in the database that the configuration names now. */
  inside: <T>(work: (services: Services) => Promise<T>) => Promise<T>;
  sellCharger: () => Promise<void>;
  until: <T>(look: () => Promise<T | undefined | false>) => Promise<T>;
  /** How often the server has come up. */
  starts: () => number;
  /** The server as it runs now. */
  serving: () => Serving;
  release: () => Promise<void>;
}

/** `recipients`: the backups are for these public keys, whose private ones are not here. */
export async function servedShop(url: string, { recipients }: { recipients?: string[] } = {}): Promise<ServedShop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'erp-served-'));
  const configFile = path.join(folder, 'config.yaml');
  const disk = path.join(folder, 'disk');
  mkdirSync(disk);
  writeFileSync(path.join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
  const port = await freePort();
  const backup = {
    targets: [{ id: 'disk', kind: 'local', path: disk }],
    ...(recipients ? { recipients } : { passphraseFile: path.join(folder, 'passphrase') }),
  };
  const settings = {
    database: { url },
    dataDir: path.join(folder, 'data'),
    locale: 'en',
    logging: { level: 'error', stdout: false },
    server: { port },
    backup,
  };
  writeFileSync(configFile, JSON.stringify(settings));
  const config = () => loadConfig({ file: configFile, env: {} });
  const shop = await prepare(config());

  let current: Serving | undefined;
  let starts = 0;
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      current = await serve(config(), { configFile });
      starts++;
      if ((await current.stopped) === 'ended') return;
    }
  };
  const running = run();
  running.catch(() => undefined);

  const agent = supertest.agent(`http://127.0.0.1:${port}`);
  const get = async (address: string) => agent.get(address).set('accept', 'text/html').redirects(0);
  const post = async (address: string, fields: Record<string, string> = {}) => {
    const { text } = await get('/help');
    const token = /<meta name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
    return agent
      .post(address)
      .set('accept', 'text/html')
      .type('form')
      .redirects(0)
      .send({ _csrf: token, ...fields });
  };
  const until: ServedShop['until'] = async (look) => {
    for (const late = Date.now() + WAIT_MS; ;) {
      const found = await look().catch((error: unknown) => {
        if (Date.now() > late) throw error;
        return undefined;
      });
      if (found !== undefined && found !== false) return found;
      if (Date.now() > late) throw new Error(`waited in vain for ${String(look)}`);
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  };
  const inside: ServedShop['inside'] = async (work) => {
    const { services, close } = await openProduct(config(), silentLogger());
    try {
      return await work(services);
    } finally {
      await close();
    }
  };
  const made: ServedShop = {
    folder,
    configFile,
    disk,
    agent,
    get,
    post,
    until,
    inside,
    starts: () => starts,
    serving: () => {
      if (!current) throw new Error('the server did not start');
      return current;
    },
    signIn: async () => {
      await until(async () => (await get('/healthz')).status === 200);
      const answer = await post('/sign-in', { login: LOGIN, password: PASSWORD, next: '/' });
      if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`);
    },
    sellCharger: () =>
      inside(async ({ uow }) => {
        await postSale(uow, systemActor('till'), {
          registerId: shop.registerId,
          lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
          tenders: [{ kind: 'cash', amountFen: 14_900 }],
        });
      }),
    release: async () => {
      isOver = true;
      await current?.stop();
      await running;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await until(() => Promise.resolve(current !== undefined));
  await made.signIn();
  return made;
}

async function prepare(config: ReturnType<typeof loadConfig>) {
  const { services, close } = await openProduct(config, silentLogger());
  try {
    const shop = await sampleShop(services.uow);
    await foundAdministrator(services, { login: LOGIN, name: '周敏', locale: 'en', password: PASSWORD });
    return shop;
  } finally {
    await close();
  }
}
