import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { transfer, transferStep } from '../../../src/modules/inventory';
import { transferChecks } from '../../../src/modules/inventory/queries/transfer-checks';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { type TestApp as App, testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

describe('transfers in the browser', function () {
  this.timeout(120_000);
  const start = testApps();

  /** The hidden field of the form with this address. */
  const fieldOf = (html: string, action: string, name: string): string => {
    const form = new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`).exec(html)?.[0] ?? '';
    return new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';
  };

  /** Presses the button whose form has this address, as the page shows it, with more fields. */
  const press = async (
    on: Pick<App, 'get' | 'post'>,
    from: string,
    action: string,
    fields: Record<string, string> = {},
  ) => {
    const { text } = await on.get(from).expect(200);
    const hidden = { version: fieldOf(text, action, 'version'), operationKey: fieldOf(text, action, 'operationKey') };
    expect(hidden.operationKey, `${from} has a form ${action}`).to.not.equal('');
    return on.post(action, { ...hidden, ...fields });
  };

  async function made(on: App, shop: SampleShop): Promise<string> {
    const places = { fromLocationId: String(shop.locationId), toLocationId: String(shop.otherLocationId) };
    const reply = await press(on, '/inventory/transfers/new', '/inventory/transfers', { ...places, note: '急' });
    expect(reply.status, reply.text).to.equal(303);
    return String(reply.headers['location']);
  }

  it('are priced above cost by who may; others neither see the field nor change what is set', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const places = { fromLocationId: String(shop.locationId), toLocationId: String(shop.otherLocationId) };
    const bad = await press(on, '/inventory/transfers/new', '/inventory/transfers', { ...places, markup: '很多' });
    expect([bad.status, bad.text.includes('value="很多"')]).to.deep.equal([422, true]);
    const made = await press(on, '/inventory/transfers/new', '/inventory/transfers', { ...places, markup: '5%' });
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text).to.match(/调拨加价[\s\S]*?5%/);
    const clerk = await on.as({ permissions: ['inventory.transfer.view', 'inventory.transfer.create'] });
    const form = (await clerk.get(`${href}/edit`).expect(200)).text;
    expect(form).not.to.include('name="markup"');
    const fields = { version: fieldOf(form, href, 'version'), operationKey: fieldOf(form, href, 'operationKey') };
    expect((await clerk.post(href, { ...fields, ...places, note: '周末' })).status).to.equal(303);
    const rows = await on.database.read.find(transfer, {});
    expect(rows.map(({ markupBp, note }) => [markupBp, note])).to.deep.equal([[500, '周末']]);
  });

  it('keep papers that both stores may open and nobody else', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const href = await made(on, shop);
    expect((await on.upload(`${href}/attachments`, [])).status).to.equal(422);
    const paper = [{ field: 'file', name: '物流单.txt', content: Buffer.from('SF1234567890') }];
    expect((await on.upload(`${href}/attachments`, paper)).status).to.equal(303);
    const { text } = await on.get(href).expect(200);
    const open = /href="(\/attachments\/\d+)"/.exec(text)?.[1] ?? '';
    const removal = /href="([^"]+\/attachments\/\d+\/removal)"/.exec(text)?.[1] ?? '';
    const permissions = ['inventory.transfer.view', 'inventory.transfer.receive'];
    const receiver = await on.as({ permissions, stores: [shop.otherStoreId] });
    expect((await receiver.get(open)).status).to.equal(200);
    const viewer = await on.as({ permissions: ['inventory.transfer.view'], stores: [shop.storeId] });
    expect((await viewer.get(open)).status).to.equal(200);
    expect((await viewer.upload(`${href}/attachments`, paper)).status).to.equal(403);
    const stranger = await on.as({ permissions, stores: [] });
    expect((await stranger.get(open)).status).to.equal(404);
    await press(receiver, removal, removal).then((reply) => expect(reply.status).to.equal(303));
    expect((await on.get(href)).text).not.to.include('物流单.txt');
  });

  it('go from the request to the last piece: each page names what comes next', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const href = await made(on, shop);
    await press(on, href, `${href}/lines`, { sku: 'CD67', quantity: '2', bucket: 'sellable' }).then((reply) =>
      expect(reply.status, reply.text).to.equal(303),
    );
    // Several products match: they are offered.
    const several = await press(on, href, `${href}/lines`, { sku: '小米', quantity: '1' });
    expect(several.status).to.equal(422);
    expect(several.text).to.include('MI17-01').and.include('MI17-02');
    const scans = [imeiOf(0), imeiOf(1), imeiOf(50)].map((code, index) => ({ key: `k${index}`, code }));
    const answer = await on.postJson(`${href}/scans`, { scans });
    expect(answer.status, answer.text).to.equal(200);
    const results = answer.body as { results: { outcome: string; text: string }[]; tally: { right: number } };
    expect(results.results.map(({ outcome }) => outcome)).to.deep.equal(['right', 'right', 'wrong']);
    expect(results.results[2]?.text).to.include('河西店');
    expect(results.tally.right).to.equal(2);
    await press(on, href, `${href}/decisions/request`).then((reply) => expect(reply.status).to.equal(303));
    expect((await on.get('/alerts').expect(200)).text).to.include('调拨申请等着审批');
    await press(on, href, `${href}/decisions/approve`).then((reply) => expect(reply.status).to.equal(303));
    const counts = await on.get(`${href}/counts`).expect(200);
    const field = /name="(count\.l\d+\.quantity)"/.exec(counts.text)?.[1] ?? '';
    const wrong = await press(on, `${href}/counts`, `${href}/counts`, { [field]: '3' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('最多 2').and.include('value="3"');
    expect((await press(on, `${href}/counts`, `${href}/counts`, { [field]: '2' })).status).to.equal(303);
    expect((await press(on, href, `${href}/sending`)).status).to.equal(303);
    expect((await on.get(href)).text)
      .to.include('在途')
      .and.include('DB');
    expect((await on.get(`${href}/print`).expect(200)).text).to.include('发货人');

    const refused = await on.post(`${href}/pasted`, { codes: `${imeiOf(0)}\n${imeiOf(2)}` });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('第 2 行').and.include(imeiOf(2));
    expect((await on.post(`${href}/pasted`, { codes: `${imeiOf(0)}\n${imeiOf(2)}`, keep: 'right' })).status).to.equal(
      303,
    );
    const page = (await on.get(href).expect(200)).text;
    expect(page).to.include('账上在 新街口店').and.include('还有 3 件没到');
    const ask = `${href}/receipt`;
    expect((await press(on, ask, ask)).status).to.equal(303);
    const sheet = await readAllRows(await download(on, `${href}/devices.xlsx`));
    expect(sheet).to.have.length(3);

    const resolution = `${href}/resolutions/loss`;
    const form = (await on.get(resolution).expect(200)).text;
    const [device = ''] = /device\.d\d+/.exec(form) ?? [];
    const [goods = ''] = /goods\.l\d+/.exec(form) ?? [];
    expect((await press(on, resolution, resolution, { [device]: '1', [goods]: '1' })).status).to.equal(422);
    expect(
      (await press(on, resolution, resolution, { [device]: '1', [goods]: '1', reason: '快递丢失' })).status,
    ).to.equal(303);
    const back = `${href}/resolutions/return`;
    expect((await press(on, back, back, { [goods]: '1', reason: '没发出去' })).status).to.equal(303);
    const [row] = await on.database.read.find(transfer, {});
    expect([row?.state, row?.sent, row?.received, row?.lost, row?.returned]).to.deep.equal(['done', 4, 1, 2, 1]);

    const steps = await on.database.read.find(transferStep, {});
    const loss = steps.find(({ kind }) => kind === 'loss');
    const reversal = `${href}/steps/${loss?.id ?? 0}/reversal`;
    expect((await press(on, reversal, reversal, { reason: '找到了' })).status).to.equal(303);
    expect((await on.get(href)).text)
      .to.include('已由')
      .and.include('在途');
    expect((await on.get(`/inventory/transfer_steps/${loss?.id ?? 0}`)).headers['location']).to.equal(href);
    expect((await verifyLedger(on.database.read, [transferChecks])).ok).to.equal(true);
    // The life of a handset tells both ends.
    const life = (await on.get(`/inventory/devices/${shop.devices[0]?.id ?? 0}`).expect(200)).text;
    expect(life).to.include('调拨发出').and.include('调拨收货').and.include('新街口店 → 河西店');
  });

  it('are listed for both stores, by state and how late they are, and exported; cost is for who may see it in both', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const hands = transferHands(on.uow);
    const id = await hands.sent(shop.locationId, shop.otherLocationId, [imeiOf(0)]);
    await hands.draft(shop.otherLocationId, shop.locationId);
    const all = (await on.get('/inventory/transfers').expect(200)).text;
    expect(all).to.include('新街口店 → 河西店').and.include('河西店 → 新街口店');
    expect((await on.get('/inventory/transfers?state=sent').expect(200)).text).to.not.include('河西店 → 新街口店');
    expect((await on.get('/inventory/transfers?late=1').expect(200)).text).to.not.include('新街口店 → 河西店');
    await on.uow.run(on.actor, (unit) => unit.update(transfer, id, { expectedOn: '2020-01-01' }));
    expect((await on.get('/inventory/transfers?late=1').expect(200)).text).to.include('新街口店 → 河西店');
    expect((await on.get('/alerts').expect(200)).text).to.include('调拨在途超时');
    const sheet = await readAllRows(await download(on, '/inventory/transfers.xlsx'));
    expect(sheet).to.have.length(3);
    expect((await on.get(`/inventory/transfers/${id}`).expect(200)).text).to.include('3,900.00');
    const [row] = await on.database.read.find(transfer, { id });
    const found = await on.get(`/search?q=${row?.number ?? ''}`);
    expect(found.headers['location']).to.equal(`/inventory/transfers/${id}`);

    const elsewhere = await on.as({ permissions: ['inventory.transfer.view'], stores: [shop.otherStoreId] });
    expect((await elsewhere.get(`/inventory/transfers/${id}`).expect(200)).text).to.not.include('3,900.00');
  });
});
