import { expect } from 'chai';
import { sql } from '../../src/platform/database';
import type { Route } from '../../src/platform/http';
import { READY_ROLES } from '../../src/platform/modules';
import { busyShop } from '../support/busy-shop';
import { type TestApp, testApps, type TestClient } from '../support/http';

const long = '九'.repeat(3000);
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** What fingers, scanners, scripts and the ill-willed put into an address or a field. */
const HOSTILE = [
  '-1',
  '0',
  '99999999999999999999',
  '9007199254740993',
  '1e309',
  'NaN',
  'null',
  'x',
  '\u0000',
  '串号📱',
  "' OR 1=1 --",
  '"; DROP TABLE sale; --',
  '%_\\',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '{{7*7}}${7*7}',
  '2026-02-30',
  '0000-00-00',
  '99999-12-31',
  '1,234.5.6',
  '￥１２３',
  '__proto__',
  cursor([1e308, 9007199254740991]),
  cursor([null, 1]),
  cursor(['\u0000', 1]),
  cursor({ a: 1 }),
  long,
];
/** A few of them, others for each place: all are met over the places. */
const some = (place: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => HOSTILE[(place * 5 + index * 3) % HOSTILE.length] ?? '');

/** Parameters of lists and pages; each address ignores those it does not know. */
const NAMES =
  'q text page size sort direction after before from to store location document bucket product sku device kind state ' +
  'view brand list missing shift customer register category supplier format action actor subject range line active back';
const names = NAMES.split(' ');

// A request's head may have 16 KB, so a long text is cut.
const encoded = (value: string): string => encodeURIComponent([...value].slice(0, 28).join(''));
const plainQuery = (value: string): string => `?${names.map((name) => `${name}=${encoded(value)}`).join('&')}`;
const arrayQuery = (value: string): string =>
  `?${names.map((name) => `${name}=${encoded(value)}&${name}[]=1&${name}[a]=2&${name}=3`).join('&')}`;
const query = (index: number): string => {
  const value = HOSTILE[index % HOSTILE.length] ?? '';
  return index % 3 === 0 ? arrayQuery(value) : plainQuery(value);
};

const getRoutes = (app: TestApp): Route[] =>
  app.app.manifests.flatMap(({ routes }) =>
    routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/test/')),
  );

/** First and last id of every kind of record. */
async function idsInUse({ database }: TestApp): Promise<string[]> {
  const ids = new Set<string>();
  for (const table of ['sale', 'receipt', 'device', 'shift', 'register', 'sku', 'product', 'opening_stock', 'store'])
    for (const edge of ['MIN', 'MAX']) {
      const row = await database.read.one<{ n: number | null }>({ pieces: [`SELECT ${edge}(id) AS n FROM ${table}`] });
      if (row?.n) ids.add(String(row.n));
    }
  return [...ids];
}

const addressesOf = ({ path }: Route, ids: readonly string[]): string[] =>
  path.includes(':') ? ids.map((id) => path.replace(/:\w+/g, id).replace(/[{}]/g, '')) : [path];

const clientOf = (app: TestApp, role: string, stores: readonly number[]) =>
  app.as({
    name: role,
    stores,
    locale: role.length % 2 === 0 ? 'en' : 'zh-CN',
    permissions: app.app.manifests
      .flatMap(({ permissions }) => permissions)
      .filter(({ roles }) => role === 'administrator' || roles.some((one) => one === role))
      .map(({ id }) => id),
  });

/** An answer that breaks off in the middle counts as the worst one. */
const ask = async (client: TestClient, address: string): Promise<{ status: number; text?: string }> => {
  try {
    return await client.get(address);
  } catch (error) {
    return { status: 599, text: String(error) };
  }
};

/** Nothing for a 500, and nothing white: who is refused reads why. */
function complaint(address: string, { status, text = '' }: { status: number; text?: string }): string[] {
  if (status >= 500) return [`${address.slice(0, 200)}: ${status}`];
  return status >= 400 && text.length < 40 ? [`${address.slice(0, 200)}: ${status} and nothing to read`] : [];
}

interface Form {
  action: string;
  fields: { name: string; value: string; hidden: boolean }[];
  upload: boolean;
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#34;', '"');

/** Forms of a page that change something, but for the way out and the switches that would end the crawl. */
function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, tag = '', inside = '']): Form[] => {
    const action = attribute(tag, 'action') ?? '';
    if (attribute(tag, 'method') !== 'post' || !action.startsWith('/') || /^\/(sign-out|modules)/.test(action))
      return [];
    const fields = [...inside.matchAll(/<(?:input|select|textarea|button)\b[^>]*>/g)].flatMap(([one]) => {
      const name = attribute(one, 'name');
      if (!name || name === '_csrf') return [];
      return [{ name, value: attribute(one, 'value') ?? '', hidden: /type="hidden"/.test(one) }];
    });
    return [{ action, fields, upload: tag.includes('multipart/form-data') }];
  });
}

const FILES = [
  Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 1, 2, 3]),
  Buffer.from('\ufeff串号,数量\n"86\u00002,x\n=cmd|calc,-1', 'utf8'),
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff]),
  Buffer.alloc(0),
];

describe('whatever is asked and sent', function () {
  this.timeout(300_000);
  const start = testApps();

  it('as any role, in any address of any page: an answer that says something, never a 500', async () => {
    const app = await start();
    const shop = await busyShop(app);
    const ids = await idsInUse(app);
    const found: string[] = [];
    let asked = 0;
    for (const [index, role] of READY_ROLES.entries()) {
      const client = await clientOf(app, role, [shop.storeId]);
      for (const [at, route] of getRoutes(app).entries()) {
        const addresses = addressesOf(route, ids);
        // Not every id with every query for every role: each meets each over the roles.
        const address = `${addresses[(index + at) % addresses.length] ?? ''}${query(index * 2 + at)}`;
        found.push(...complaint(address, await ask(client, address)));
        asked += 1;
      }
    }
    for (const [at, { path }] of getRoutes(app)
      .filter((route) => !route.path.includes(':'))
      .entries())
      for (const value of some(at, 6)) {
        const address = path + plainQuery(value);
        found.push(...complaint(address, await ask(app, address)));
        asked += 1;
      }
    expect(found).to.eql([]);
    expect(asked).to.be.greaterThan(1000);
  });

  it('in every form that a page shows, in each of its fields: refused in words or done, never a 500', async () => {
    const app = await start({ signInAttempts: 100_000 });
    await busyShop(app);
    const ids = await idsInUse(app);
    const forms = new Map<string, Form>();
    for (const route of getRoutes(app))
      for (const address of addressesOf(route, ids)) {
        const { status, text, type } = await app.get(address);
        if (status !== 200 || type !== 'text/html') continue;
        for (const form of formsOf(text)) {
          const key = `${form.action.replace(/\d+/g, ':id')} ${form.fields.map(({ name }) => name.replace(/\d+/g, 'n')).join()}`;
          if (!forms.has(key)) forms.set(key, form);
        }
      }
    const token = await app.token();
    const found: string[] = [];
    const send = async (form: Form, fields: readonly (readonly [string, string])[], file?: Buffer): Promise<void> => {
      const body = new URLSearchParams([
        ['_csrf', token],
        ...fields.map(([name, value]): [string, string] => [name, value]),
      ]);
      const answer = form.upload
        ? await app.upload(
            form.action,
            [{ field: 'file', name: 'a.xlsx\u0000.png', content: file ?? '' }],
            Object.fromEntries(fields.map(([name, value]) => [name, value.replaceAll('\u0000', '')])),
          )
        : await app.agent.post(form.action).set('accept', 'text/html').type('form').redirects(0).send(body.toString());
      found.push(
        ...complaint(`POST ${form.action} ${fields.map(([n, v]) => `${n}=${v.slice(0, 20)}`).join('&')}`, answer),
      );
    };
    for (const [place, form] of [...forms.values()].entries()) {
      // All fields at once with the same nonsense, the hidden ones right and then wrong as well.
      for (const [index, value] of some(place, 5).entries())
        await send(
          form,
          form.fields.map(({ name, value: own, hidden }) => [name, hidden && index % 2 === 0 ? own : value] as const),
          FILES[index % FILES.length],
        );
      // One wrong field among right ones reaches further.
      for (const [at, field] of form.fields.slice(0, 8).entries())
        await send(
          form,
          form.fields.map(({ name, value }) => [
            name,
            name === field.name ? (HOSTILE[(place + at) % HOSTILE.length] ?? '') : value,
          ]),
          FILES[at % FILES.length],
        );
      await send(form, []);
      await send(
        form,
        [...form.fields, ...form.fields].map(({ name, value }) => [`${name}.0.a`, value]),
      );
    }
    expect(found).to.eql([]);
    expect(forms.size).to.be.greaterThan(30);
    const books = await app.database.read.one<{ n: number }>(
      sql`SELECT COUNT(*) AS n FROM stock_balance WHERE quantity < 0 OR value_fen < 0`,
    );
    expect(Number(books?.n)).to.equal(0);
  });

  it('in every answer to programs: JSON of the wrong shape is refused in words', async () => {
    const app = await start({ signInAttempts: 100_000 });
    const shop = await busyShop(app);
    const posts = app.app.manifests.flatMap(({ routes }) =>
      routes.filter(({ method, path }) => method === 'post' && !/^\/(sign-out|modules|test)/.test(path)),
    );
    const bodies: object[] = [
      { lines: 'x', tenders: {}, scans: [null], draft: 1 },
      {
        lines: [null, 1, 'a', []],
        tenders: [{ kind: 'x', amountFen: Number.MAX_VALUE }],
        operationKey: 'a'.repeat(5000),
      },
      { lines: [{ skuId: -1, quantity: 1.5, discountFen: 'NaN' }], operationKey: crypto.randomUUID(), tenders: null },
      { scans: Array.from({ length: 2000 }, (_, index) => ({ key: index, code: long })) },
      { scans: [{ key: '\u0000', code: '\u0000' }], codes: [{}], phone: ['1'], name: { toString: 1 } },
      { draft: JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1}}') as object },
      Object.fromEntries(HOSTILE.map((value, index) => [`f${index}`, value])),
    ];
    const found: string[] = [];
    const token = await app.token();
    for (const { path } of posts) {
      const address = path.replace(/:\w+/g, String(shop.registerId)).replace(/[{}]/g, '');
      for (const body of bodies)
        found.push(
          ...complaint(
            `POST ${address}`,
            await app.agent.post(address).set('x-csrf-token', token).redirects(0).send(body),
          ),
        );
    }
    expect(found).to.eql([]);
  });
});
