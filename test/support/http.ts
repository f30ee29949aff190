import { rmSync } from 'node:fs';
import session from 'express-session';
import supertest, { type Test } from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { ensureFirstRevision, revisionRecorder } from '../../src/app/configuration';
import { createApp, type App } from '../../src/app/create-app';
import { openServices } from '../../src/app/create-services';
import { readOff } from '../../src/app/module-store';
import { modules as allModules } from '../../src/app/modules';
import { listStoreChoices } from '../../src/app/store-choices';
import { userAccount } from '../../src/platform/auth';
import { loadConfig } from '../../src/platform/config';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import type { Database } from '../../src/platform/database';
import { redirect, type Route, startSession, type SignedIn } from '../../src/platform/http';
import { createTranslator, type Translate } from '../../src/platform/i18n';
import { silentLogger } from '../../src/platform/logging';
import type { ModuleManifest } from '../../src/platform/modules';
import { type Actor, type StoreScope, systemActor } from '../../src/platform/permissions';
import { resourcePath } from '../../src/platform/resources';
import type { Services } from '../../src/platform/services';
import { databaseContext } from './databases';
import { makeScratch } from './scratch-folder';

/** Who a test signs in. Everything may be left out: then it is an administrator of all stores. */
export interface TestActor {
  /** 'all', or the ids of the permissions that this user has. */
  permissions?: 'all' | readonly string[];
  stores?: StoreScope;
  /** Permissions that reach other stores than `stores`. */
  scopes?: Readonly<Record<string, StoreScope>>;
  name?: string;
  staffId?: number;
  locale?: 'zh-CN' | 'en';
}

/** A browser of one user (or of nobody): keeps cookies, sends the token with each post. Redirects are not followed. */
export interface TestClient {
  agent: TestAgent;
  get: (path: string) => Test;
  /** A form post with the token; values may be arrays for fields that are sent several times. */
  post: (path: string, fields?: Record<string, string | number | readonly string[]>) => Promise<supertest.Response>;
  /** A JSON post with the token in its header. */
  postJson: (path: string, body: object) => Promise<supertest.Response>;
  /** A multipart post with the token. */
  upload: (
    path: string,
    files: readonly { field: string; name: string; content: Buffer | string; type?: string }[],
    fields?: Record<string, string | number>,
  ) => Promise<supertest.Response>;
  token: () => Promise<string>;
}

export interface TestApp extends TestClient {
  app: App;
  services: Services;
  database: Database;
  uow: UnitOfWork;
  /** The actor that `get` and `post` act as; use it to prepare data through use cases. */
  actor: Actor;
  as: (actor: TestActor) => Promise<TestClient & { actor: Actor }>;
  signedOut: () => TestClient;
  /** Texts in Chinese. */
  t: Translate;
}

export interface TestAppOptions {
  /** Default: all modules of the product. */
  modules?: readonly ModuleManifest[];
  actor?: TestActor;
  /** Names of modules that are switched off. */
  off?: readonly string[];
  clock?: () => number;
  signInAttempts?: number;
  /** Further variables of the configuration; `{dataDir}` in them is the data folder. */
  env?: Readonly<Record<string, string>>;
  /** Makes an installation in the data folder and gives its configuration file. */
  installation?: (dataDir: string) => string;
}

/**
 * Call inside describe(): gives a function that starts the whole product on a fresh SQLite database, signed in as `actor`.
 * Texts that are missing throw. Everything is closed after each test.
 */
export function testApps(): (options?: TestAppOptions) => Promise<TestApp> {
  const context = databaseContext('sqlite');
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (options = {}) => {
    const { app, close } = await startTestApp(await context.freshUrl(), options);
    closers.push(close);
    return app;
  };
}

/** The same without mocha's hooks. */
export async function startTestApp(
  databaseUrl: string,
  { modules = allModules, actor = {}, off, clock, signInAttempts, env = {}, installation }: TestAppOptions = {},
): Promise<{ app: TestApp; close: () => Promise<void> }> {
  const dataDir = makeScratch('test');
  const config = loadConfig({
    env: {
      ERP_DATABASE_URL: databaseUrl,
      ERP_LOGGING_LEVEL: 'silent',
      ERP_DATA_DIR: dataDir,
      ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, text.replaceAll('{dataDir}', dataDir)])),
    },
  });
  const { services, close } = await openServices(config, {
    log: silentLogger(),
    beforeCommit: revisionRecorder(modules),
    ...(clock ? { clock } : {}),
  });
  await ensureFirstRevision(services.uow, modules);
  const translator = createTranslator({
    folder: resourcePath('locales'),
    onMissing: (locale, key) => {
      if (key.startsWith('probe')) return key;
      throw new Error(`no text for ${key} in ${locale}`);
    },
  });
  const users = new Map<number, SignedIn>();
  const app = createApp({
    services,
    modules,
    furtherRoutes: [doorForTests],
    identity: { load: (userId) => Promise.resolve(users.get(userId) ?? null) },
    sessionStore: new session.MemoryStore(),
    listStores: listStoreChoices,
    readOff: async () => (off ? new Set(off) : readOff(services.database.read)),
    notReady: () => Promise.resolve([]),
    configFile: installation?.(dataDir),
    translator,
    ...(signInAttempts === undefined ? {} : { signInAttempts }),
  });
  const as = async (wanted: TestActor): Promise<TestClient & { actor: Actor }> => {
    const made = makeActor(await addAccount(services.uow, wanted), wanted);
    users.set(made.userId ?? 0, { actor: made, roleNames: '测试' });
    const client = clientOf(app);
    await client.get(`/test/sign-in/${made.userId}`).expect(303);
    return { ...client, actor: made };
  };
  const first = await as(actor);
  return {
    app: {
      ...first,
      app,
      services,
      database: services.database,
      uow: services.uow,
      as,
      signedOut: () => clientOf(app),
      t: translator('zh-CN'),
    },
    close: async () => {
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A way in without password, for tests only. */
const doorForTests: Route = {
  method: 'get',
  path: '/test/sign-in/:id',
  access: 'public',
  handler: async (ctx) => {
    await startSession(ctx.request, { userId: ctx.id() });
    return redirect('/');
  },
};

/** The account alone: rights come from the test's actor. */
function addAccount(uow: UnitOfWork, { name = '周敏', staffId, locale = 'zh-CN' }: TestActor): Promise<number> {
  return uow.run(systemActor('test'), async (unit) => {
    const id = unit.takeIds(userAccount);
    const account = { id, login: `test${id}`, name, staffId: staffId ?? null, locale, active: true, version: 1 };
    await unit.insert(userAccount, [{ ...account, mustSetPassword: false, createdAt: unit.now }]);
    return id;
  });
}

export function makeActor(
  userId: number,
  { permissions = 'all', stores = 'all', scopes = {}, name = '周敏', staffId, locale = 'zh-CN' }: TestActor,
): Actor {
  return {
    kind: 'user',
    userId,
    name,
    staffId: staffId ?? null,
    locale,
    scope: (permission) =>
      permissions === 'all' || permissions.includes(permission) ? (scopes[permission] ?? stores) : [],
  };
}

function clientOf({ web }: App): TestClient {
  const agent = supertest.agent(web);
  const token = async (): Promise<string> => {
    const { text } = await agent.get('/help').set('accept', 'text/html');
    return /<meta name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
  };
  const get = (path: string): Test => agent.get(path).set('accept', 'text/html').redirects(0);
  return {
    agent,
    token,
    get,
    post: async (path, fields = {}) => {
      const body = new URLSearchParams([['_csrf', await token()]]);
      for (const [name, value] of Object.entries(fields))
        for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) body.append(name, one);
      return agent.post(path).set('accept', 'text/html').type('form').redirects(0).send(body.toString());
    },
    postJson: async (path, body) =>
      agent
        .post(path)
        .set('accept', 'application/json')
        .set('x-csrf-token', await token())
        .redirects(0)
        .send(body),
    upload: async (path, files, fields = {}) => {
      const sent = agent
        .post(path)
        .set('accept', 'text/html')
        .redirects(0)
        .field('_csrf', await token());
      for (const [name, value] of Object.entries(fields)) sent.field(name, String(value));
      for (const { field, name, content, type } of files)
        sent.attach(field, Buffer.from(content), { filename: name, ...(type ? { contentType: type } : {}) });
      return sent;
    },
  };
}
