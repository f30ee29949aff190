import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { type TestApp, testApps, type TestClient } from '../../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Hidden fields of the form that goes to this address. */
function hiddenOf(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? '';
  const found = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const { _csrf, ...fields } = Object.fromEntries(found) as Record<string, string>;
  return fields;
}

describe('corrections of numbers through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start({ clock });
    shop = await sampleShop(app.uow, app.actor);
  });

  async function create(client: TestClient, fields: Record<string, string>): Promise<string> {
    const made = await client.post('/inventory/numbers', { reason: 'mis_scan', way: 'replace', note: '', ...fields });
    expect(made.status, made.text.slice(0, 300)).to.equal(303);
    return String(made.headers['location']);
  }
  async function press(client: TestClient, page: string, verb: string, from = page): Promise<void> {
    const html = (await client.get(from).expect(200)).text;
    const sent = await client.post(`${page}/${verb}`, hiddenOf(html, `${page}/${verb}`));
    expect(sent.status, sent.text.slice(0, 400)).to.equal(303);
  }

  it('goes from the device page over corrections and a pasted list to the posted document and back', async () => {
    expect((await app.get('/inventory/numbers').expect(200)).text).to.include('这里会列出每一次改串号');
    const device = `/inventory/devices/${shop.devices[0]?.id}`;
    expect((await app.get(device).expect(200)).text).to.include(`/inventory/numbers/new?current=${imeiOf(0)}`);
    expect((await app.get(`/inventory/numbers/new?current=${imeiOf(0)}`)).text).to.include(`value="${imeiOf(0)}"`);
    const page = await create(app, { current: imeiOf(0), other: imeiOf(900), note: '盒子贴错' });
    const wrong = await app.post(`${page}/lines`, { way: 'replace', current: imeiOf(1), other: '12345' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="12345"').and.include('有 5 位');
    expect((await app.post(`${page}/lines`, { way: 'replace', current: imeiOf(1), other: imeiOf(2) })).status).to.equal(
      303,
    );
    const blocked = (await app.get(page)).text;
    expect(blocked).to.include('另一台手机正在用').and.include('1 行现在不能过账');
    expect(
      (await app.post(`${page}/lines`, { way: 'replace', current: imeiOf(2), other: imeiOf(901) })).status,
    ).to.equal(303);
    const refused = await app.post(`${page}/pasted`, {
      pairs: `${imeiOf(3)} ${imeiOf(902)}\n${imeiOf(77)} ${imeiOf(903)}`,
    });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('第 2 行').and.include(imeiOf(903));
    expect((await app.post(`${page}/pasted`, { pairs: `${imeiOf(3)}\t${imeiOf(902)}` })).status).to.equal(303);
    const shown = (await app.get(page).expect(200)).text;
    const line = /lines\/removal"[^>]*>.*?name="line" value="(\d+)"/s.exec(shown)?.[1] ?? '';
    expect((await app.post(`${page}/lines/removal`, { line })).status).to.equal(303);
    expect(
      (await app.post(`${page}/lines`, { way: 'replace', current: imeiOf(0), other: imeiOf(900) })).status,
    ).to.equal(303);
    await press(app, page, 'posting');
    const done = (await app.get(page).expect(200)).text;
    expect(done).to.include('已过账').and.include('红冲').and.not.include('name="pairs"');
    expect((await app.get(`${page}/print`).expect(200)).text).to.include('盒子贴错');
    const life = (await app.get(device).expect(200)).text;
    expect(life)
      .to.include('更正串号')
      .and.include('扫错、录错')
      .and.include(`换成 ${imeiOf(900)}`);
    const found = await app.get(`/search?q=${imeiOf(0)}`);
    expect(found.text + String(found.headers['location'])).to.include(device);
    for (const q of [imeiOf(0), imeiOf(900).slice(-6)])
      expect((await app.get(`/inventory/numbers?q=${q}&reason=mis_scan&from=2026-11-22`)).text).to.include(page);
    expect((await app.get('/inventory/numbers?reason=mixed_up')).text).to.not.include(`href="${page}"`);
    const [number = ''] = /GZ\d+-NJ01-\d+/.exec(done) ?? [];
    const byNumber = await app.get(`/search?q=${number.slice(0, -1)}`);
    expect(byNumber.text + String(byNumber.headers['location'])).to.include(page);
    await app.get('/inventory/numbers.xlsx').expect(200);
    await press(app, page, 'reversal', `${page}/reversal`);
    expect((await app.get(page)).text).to.include('已红冲');
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('keeps papers with it, keeps what was typed, and cancels a draft', async () => {
    const wrong = await app.post('/inventory/numbers', {
      reason: '',
      way: 'replace',
      current: imeiOf(0),
      note: '留言',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="留言"');
    const page = await create(app, { current: imeiOf(0), other: imeiOf(1), way: 'swap', reason: 'mixed_up' });
    expect((await app.upload(`${page}/attachments`, [])).status).to.equal(422);
    const sent = await app.upload(`${page}/attachments`, [{ field: 'file', name: '换机单.png', content: PICTURE }]);
    expect(sent.status).to.equal(303);
    const text = (await app.get(page)).text;
    expect(text).to.include('换机单.png');
    const removal = /href="([^"]+\/attachments\/\d+\/removal)"/.exec(text)?.[1] ?? '';
    const form = hiddenOf((await app.get(removal).expect(200)).text, removal);
    expect((await app.post(removal, form)).status).to.equal(303);
    expect((await app.get(page)).text).to.not.include('换机单.png');
    await press(app, page, 'cancellation', `${page}/cancellation`);
    expect((await app.get(page)).text).to.include('已作废');
  });

  it('shows nothing of other stores, and only what a reader may do', async () => {
    const page = await create(app, { current: imeiOf(0), other: imeiOf(900) });
    const viewer = await app.as({ permissions: ['inventory.number.view'], stores: [shop.storeId] });
    expect((await viewer.get(page).expect(200)).text)
      .to.not.include('name="pairs"')
      .and.not.include('/posting');
    expect((await viewer.get('/inventory/numbers')).text)
      .to.include(page)
      .and.not.include('/inventory/numbers/new');
    expect((await viewer.post(`${page}/posting`, { version: '1' })).status).to.equal(403);
    await viewer.get('/inventory/numbers/new').expect(403);
    const other = await app.as({ permissions: ['inventory.number.view'], stores: [shop.otherStoreId] });
    await other.get(page).expect(404);
    await other.get(`${page}/print`).expect(404);
    expect((await other.get('/inventory/numbers')).text).to.not.include(page);
  });
});
