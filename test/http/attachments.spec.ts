import { expect } from 'chai';
import { attachmentRoutes, saveAttachment } from '../../src/platform/attachments';
import type { ModuleManifest } from '../../src/platform/modules';
import { type Actor, COST_PERMISSION, systemActor } from '../../src/platform/permissions';
import { switchModule } from '../../src/app/module-store';
import { createTransfer } from '../../src/modules/inventory';
import { changeReasons } from '../../src/modules/inventory/queries/change-reasons';
import { deviceGrades } from '../../src/modules/inventory/queries/device-grades';
import { createChange } from '../../src/modules/inventory/use-cases/create-change';
import { createNumberChange } from '../../src/modules/inventory/use-cases/create-number-change';
import { testDevice } from '../../src/modules/inventory/use-cases/test-device';
import { addSupplier, receiveGoods } from '../../src/modules/purchasing';
import { sql } from '../../src/platform/database';
import { testApps, type TestActor } from '../support/http';
import { draftInvoice } from '../support/invoices';
import { imeiOf, sampleShop } from '../support/sample-shop';
import { testKeys } from '../support/auth';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);

/** A module whose records 1 and 2 have files; who may see a record has the right in the store of its number. */
const owner = {
  attachments: {
    'demo.record': { permission: 'demo.record.view', storeOf: (_read: unknown, id: number) => Promise.resolve(id) },
  },
};
const demo: ModuleManifest = {
  name: 'demo',
  core: true,
  needs: [],
  tables: [],
  permissions: [{ id: 'demo.record.view', roles: [] }],
  menu: [],
  routes: attachmentRoutes(() => Promise.resolve([owner])),
  ...owner,
};

describe('attachments over HTTP', function () {
  this.timeout(30_000);
  const start = testApps();
  const open = async () => {
    const app = await start({ modules: [demo] });
    const save = (subjectType: string, subjectId: number, name: string, content: Buffer) =>
      saveAttachment(app.services, systemActor('test'), { subjectType, subjectId, name, content });
    return { app, save };
  };

  it('gives a picture to who may see its record, typed and never guessed', async () => {
    const { app, save } = await open();
    const { attachmentId } = await save('demo.record', 1, '门头 "照片".png', PNG);
    const answer = await app.get(`/attachments/${attachmentId}`).expect(200);
    expect(answer.headers['content-type']).to.include('image/png');
    expect(answer.headers['x-content-type-options']).to.equal('nosniff');
    expect(answer.headers['content-disposition'])
      .to.match(/^inline/)
      .and.include(encodeURIComponent('门头 照片.png'));
    expect(Buffer.compare(answer.body as Buffer, PNG)).to.equal(0);
  });

  it('sends everything else as a download', async () => {
    const { app, save } = await open();
    const { attachmentId } = await save('demo.record', 1, 'page.txt', Buffer.from('<script>alert(1)</script>'));
    const answer = await app.get(`/attachments/${attachmentId}`).expect(200);
    expect(answer.headers['content-disposition']).to.match(/^attachment/);
    expect(answer.headers['content-type']).to.include('text/plain');
  });

  it('has nothing for other stores, for records nobody answers for, and for the signed-out', async () => {
    const { app, save } = await open();
    const first = await save('demo.record', 1, 'a.png', PNG);
    const orphan = await save('nobody.record', 1, 'a.png', PNG);
    const neighbour = await app.as({ permissions: ['demo.record.view'], stores: [2] });
    await neighbour.get(`/attachments/${first.attachmentId}`).expect(404);
    await app.get(`/attachments/${orphan.attachmentId}`).expect(404);
    await app.get('/attachments/999').expect(404);
    await app.signedOut().get(`/attachments/${first.attachmentId}`).expect(303);
  });

  it('of every kind of record the product has: by right, by store, and only while its module is on', async () => {
    const app = await start();
    const shop = await sampleShop(app.uow);
    const actor = systemActor('test');
    const supplierId = await app.uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
    const today = await app.uow.run(actor, (unit) => Promise.resolve(unit.today));
    const received = await receiveGoods(app.uow, actor, {
      supplierId,
      storeId: shop.storeId,
      locationId: shop.locationId,
      businessDate: today,
      deliveryNote: null,
      withInvoice: true,
      note: null,
      lines: [{ skuId: shop.chargerSkuId, quantity: 1, unitPriceFen: 5_000 }],
    });
    const invoice = await draftInvoice(app.uow, { ...shop, supplierId }, [], { totalFen: 1, invoicedOn: today });
    const [product] = await app.database.read.all<{ id: number }>(sql`SELECT id FROM product ORDER BY id`);
    const [reason] = await changeReasons(app.database.read);
    const change = await createChange(app.uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
    const correction = await createNumberChange(app.uow, actor, {
      way: 'replace',
      current: imeiOf(0),
      other: imeiOf(900),
      override: false,
      reason: 'mis_scan',
      note: '',
    });
    const [grade] = await deviceGrades(app.database.read);
    const tested = await testDevice(app.uow, actor, {
      deviceId: shop.devices[1]?.id ?? 0,
      gradeId: grade?.id ?? 0,
      batteryHealth: null,
      note: '',
      results: new Map(),
    });
    const places = { fromLocationId: shop.locationId, toLocationId: shop.otherLocationId };
    const moved = await createTransfer(app.uow, actor, places);
    /** A record of each kind, in the first store where it is a store's. A new kind of attachments belongs here. */
    const records: Record<string, { id: number; ofStore: boolean }> = {
      'purchasing.receipt': { id: received.id, ofStore: true },
      'purchasing.invoice': { id: invoice.id, ofStore: true },
      'inventory.change': { id: change.id, ofStore: true },
      'inventory.number': { id: correction.id, ofStore: true },
      'inventory.test': { id: tested.id, ofStore: true },
      // It belongs to both stores.
      'inventory.transfer': { id: moved.id, ofStore: false },
      'catalog.product': { id: product?.id ?? 0, ofStore: false },
    };
    const rules = app.app.manifests.flatMap(({ name, attachments }) =>
      Object.entries(attachments ?? {}).map(([subjectType, { permission, showCost }]) => ({
        name,
        subjectType,
        permission,
        rights: showCost ? [permission, COST_PERMISSION] : [permission],
      })),
    );
    expect(rules.map(({ subjectType }) => subjectType)).to.have.members(Object.keys(records));
    for (const { name, subjectType, permission, rights } of rules) {
      const { id, ofStore } = records[subjectType] ?? { id: 0, ofStore: false };
      const save = (subjectId: number) =>
        saveAttachment(app.services, actor, { subjectType, subjectId, name: 'a.png', content: PNG });
      const { attachmentId } = await save(id);
      const gone = await save(9_999_999);
      const others = app.app.manifests
        .flatMap(({ permissions }) => permissions.map((one) => one.id))
        .filter((one) => one !== permission);
      const statusFor = async (who: TestActor, file = attachmentId): Promise<number> =>
        (await (await app.as(who)).get(`/attachments/${file}`)).status;
      expect(await statusFor({ permissions: rights, stores: [shop.storeId] }), subjectType).to.equal(200);
      expect(await statusFor({ permissions: others }), subjectType).to.equal(404);
      const elsewhere = await statusFor({ permissions: rights, stores: [shop.otherStoreId] });
      expect(elsewhere, subjectType).to.equal(ofStore ? 404 : 200);
      expect(await statusFor({}, gone.attachmentId), subjectType).to.equal(404);
      if (app.app.manifests.find((one) => one.name === name)?.core) continue;
      await switchModule(app.uow, app.app.manifests, actor, { module: name, on: false });
      app.app.switches.refresh();
      expect(await statusFor({}), `${subjectType} while ${name} is off`).to.equal(404);
      await switchModule(app.uow, app.app.manifests, actor, { module: name, on: true });
      app.app.switches.refresh();
    }
  });

  it('of records whose papers show cost prices: with that right, and for who brought the file', async () => {
    const priced = {
      attachments: { 'demo.invoice': { ...owner.attachments['demo.record'], showCost: true as const } },
    };
    const app = await start({
      modules: [{ ...demo, ...priced, routes: attachmentRoutes(() => Promise.resolve([priced])) }],
    });
    const clerk = await app.as({ permissions: ['demo.record.view'], stores: [1] });
    const save = (createdBy: Actor) =>
      saveAttachment(app.services, createdBy, {
        subjectType: 'demo.invoice',
        subjectId: 1,
        name: 'a.png',
        content: PNG,
      });
    const theirs = await save(systemActor('test'));
    await clerk.get(`/attachments/${theirs.attachmentId}`).expect(404);
    const own = await save(clerk.actor);
    await clerk.get(`/attachments/${own.attachmentId}`).expect(200);
    const buyer = await app.as({ permissions: ['demo.record.view', COST_PERMISSION], stores: [1] });
    await buyer.get(`/attachments/${theirs.attachmentId}`).expect(200);
  });
});
