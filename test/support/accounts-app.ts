import supertest, { type Test } from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { createApp } from '../../src/app/create-app';
import { modules } from '../../src/app/modules';
import { listStoreChoices } from '../../src/app/store-choices';
import { createIdentity, DatabaseSessionStore, ensureReadyRoles } from '../../src/platform/auth';
import { createTranslator } from '../../src/platform/i18n';
import { resourcePath } from '../../src/platform/resources';
import type { DatabaseContext } from './databases';
import { servicesBench } from './services';

/** The whole product with its real accounts and sessions, for tests of signing in. */
export async function startWithAccounts(context: DatabaseContext) {
  const bench = await servicesBench(context);
  const { services } = bench;
  const translator = createTranslator({
    folder: resourcePath('locales'),
    onMissing: (locale, key) => {
      throw new Error(`no text for ${key} in ${locale}`);
    },
  });
  const { web, manifests } = createApp({
    services,
    modules,
    identity: createIdentity(services, translator),
    sessionStore: new DatabaseSessionStore(services),
    listStores: listStoreChoices,
    readOff: () => Promise.resolve(new Set<string>()),
    notReady: () => Promise.resolve([]),
    translator,
    secret: 'test',
  });
  await ensureReadyRoles(services.uow, manifests);
  const browser = () => {
    const agent: TestAgent = supertest.agent(web);
    const get = (path: string): Test => agent.get(path).set('accept', 'text/html').redirects(0);
    const post = async (path: string, fields: Record<string, string>) => {
      const { text } = await get('/help');
      const token = /<meta name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
      return agent
        .post(path)
        .set('accept', 'text/html')
        .type('form')
        .redirects(0)
        .send({ _csrf: token, ...fields });
    };
    return { agent, get, post };
  };
  return { bench, services, browser, web };
}
