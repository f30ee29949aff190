import { expect } from 'chai';
import type { Route } from '../../src/platform/http';
import { testApps, type TestApp, type TestClient } from '../support/http';

const HOSTILE = [
  '0',
  '-1',
  '99999999999999999999',
  'a',
  '%00',
  '%E4%B8%B2%E5%8F%B7',
  '%F0%9F%93%B1',
  "1'--",
  '1.5',
  '1e3',
  '..%2f..',
  '%25',
];
const HOSTILE_QUERIES = [
  '',
  '?page=-1&size=99999999999&sort=%00&after=x&q=%27%22%3Cscript%3E&from=2026-13-99&store=abc',
  '?q=%F0%9F%93%B1&q=2',
];

const routesOf = (app: TestApp): Route[] =>
  app.app.manifests.flatMap(({ routes }) => routes.filter(({ path }) => !path.startsWith('/test/')));

const fill = (path: string, value: string): string => path.replace(/:\w+/g, value).replace(/[{}]/g, '');
const isPublic = ({ access }: Route): boolean => access === 'public';
const show = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;

async function statusOf(client: TestClient, route: Route, value = '1', token = true): Promise<number> {
  const path = fill(route.path, value);
  if (route.method === 'get') return (await client.get(path)).status;
  if (route.json)
    return token ? (await client.postJson(path, {})).status : (await client.agent.post(path).send({})).status;
  return token ? (await client.post(path)).status : (await client.agent.post(path).type('form').send('')).status;
}

/** Runs a check over routes one after the other and names every route that fails it. */
async function failing(routes: readonly Route[], check: (route: Route) => Promise<string | false>): Promise<string[]> {
  const found: string[] = [];
  for (const route of routes) {
    const finding = await check(route);
    if (finding !== false) found.push(`${show(route)}: ${finding}`);
  }
  return found;
}

describe('every route of every module', function () {
  this.timeout(120_000);
  const start = testApps();

  it('asks the signed-out to sign in', async () => {
    const app = await start();
    const nobody = app.signedOut();
    const protectedRoutes = routesOf(app).filter((route) => !isPublic(route));
    const found = await failing(protectedRoutes, async (route) => {
      const status = await statusOf(nobody, route);
      return ![303, 401].includes(status) && `answered ${status}`;
    });
    expect(protectedRoutes.length).to.be.greaterThan(5);
    expect(found).to.eql([]);
  });

  it('refuses who has no permission', async () => {
    const app = await start();
    const stranger = await app.as({ permissions: [] });
    const guarded = routesOf(app).filter(({ access }) => typeof access === 'object');
    const found = await failing(guarded, async (route) => {
      const status = await statusOf(stranger, route);
      return status !== 403 && `answered ${status}`;
    });
    expect(found).to.eql([]);
  });

  it('refuses a post without token and one from another site', async () => {
    const app = await start({ signInAttempts: 10_000 });
    const posts = routesOf(app).filter(({ method }) => method === 'post');
    const token = await app.token();
    const found = await failing(posts, async (route) => {
      const path = fill(route.path, '1');
      const bare = await statusOf(app, route, '1', false);
      const foreign = await app.agent
        .post(path)
        .set('origin', 'https://evil.example')
        .set('x-csrf-token', token)
        .send('');
      const opaque = await app.agent.post(path).set('origin', 'null').set('x-csrf-token', token).send('');
      const crossSite = await app.agent
        .post(path)
        .set('sec-fetch-site', 'cross-site')
        .set('x-csrf-token', token)
        .send('');
      const statuses = [bare, foreign.status, opaque.status, crossSite.status];
      return statuses.some((status) => status !== 403) && `answered ${statuses.join(', ')}`;
    });
    expect(posts.length).to.be.greaterThan(0);
    expect(found).to.eql([]);
  });

  it('shows its list pages while there is nothing to list, in both languages', async () => {
    const app = await start();
    const english = await app.as({ locale: 'en' });
    const lists = routesOf(app).filter(({ method, path }) => method === 'get' && !path.includes(':'));
    const found = await failing(lists, async (route) => {
      for (const client of [app, english])
        for (const query of HOSTILE_QUERIES) {
          const { status } = await client.get(route.path + query);
          if (status >= 500) return `answered ${status} to ${query}`;
        }
      return false;
    });
    expect(found).to.eql([]);
  });

  it('survives hostile addresses', async () => {
    const app = await start({ signInAttempts: 10_000 });
    const withParameters = routesOf(app).filter(({ path }) => path.includes(':'));
    const token = await app.token();
    const found = await failing(withParameters, async (route) => {
      for (const value of HOSTILE) {
        const path = fill(route.path, value);
        const { status } =
          route.method === 'get'
            ? await app.get(path)
            : await app.agent.post(path).set('x-csrf-token', token).redirects(0).type('form').send('a=1');
        if (status >= 500) return `answered ${status} to ${value}`;
      }
      return false;
    });
    expect(found).to.eql([]);
  });

  it('survives bodies that make no sense', async () => {
    const app = await start({ signInAttempts: 10_000 });
    const posts = routesOf(app).filter(({ method }) => method === 'post');
    const token = await app.token();
    const long = 'x'.repeat(5000);
    const found = await failing(posts, async (route) => {
      const path = fill(route.path, '1');
      const post = () => app.agent.post(path).set('x-csrf-token', token).set('accept', 'text/html').redirects(0);
      const answers = [
        await post()
          .type('form')
          .send(`id=1&id=2&__proto__=1&lines.0.a=${long}&name=%00%F0%9F%93%B1&amount=1e999&version=x&storeId=-1`),
        await post().type('json').send('{"scans":1,"lines":{"0":null},"codes":[],"id":{}}'),
        await post().type('json').send('[1,2]'),
        await post().type('json').send('{broken'),
        await post().type('form').send('operationKey=short&version=1&codes=1&confirm=1'),
      ];
      const bad = answers.map(({ status }) => status).filter((status) => status >= 500);
      return bad.length > 0 && `answered ${answers.map(({ status }) => status).join(', ')}`;
    });
    expect(found).to.eql([]);
  });

  it('is not found, with a page that says why, once its module is off', async () => {
    const all = await start();
    const optional = all.app.manifests.filter(({ core }) => !core).map(({ name }) => name);
    const app = await start({ off: optional });
    const paths = all.app.manifests
      .filter(({ name }) => optional.includes(name))
      .flatMap(({ routes }) =>
        routes.filter(({ method, path }) => method === 'get' && path !== '/').map(({ path }) => fill(path, '1')),
      );
    for (const path of paths) {
      const { status, text } = await app.get(path);
      expect(status, path).to.equal(404);
      expect(text, path).to.include('没有启用');
    }
    await app.get('/').expect(200);
  });
});
