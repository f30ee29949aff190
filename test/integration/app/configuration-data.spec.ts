import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import {
  ensureFirstRevision,
  latestRevision,
  previewRollback,
  readConfiguration,
  revisionRecorder,
  rollbackConfiguration,
  saveConfigurationRecord,
} from '../../../src/app/configuration';
import { modules } from '../../../src/app/modules';
import { listCategories } from '../../../src/modules/catalog/queries/categories';
import { createCategory, updateCategory } from '../../../src/modules/catalog/use-cases/save-category';
import { changePrices, pricesOf } from '../../../src/modules/pricing';
import { supplierCategories } from '../../../src/modules/purchasing/queries/supplier-categories';
import { supplier } from '../../../src/modules/purchasing/store/supplier.table';
import { createSupplier } from '../../../src/modules/purchasing/use-cases/save-supplier';
import { checksumOf, type ConfigurationRecord } from '../../../src/platform/configuration';
import { type Database, openDatabase } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import { createUnitOfWork, type UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { sampleCatalog } from '../../support/sample-catalog';
import { refusal } from '../../support/refusal';

const NUMBERING = 'administration.numbering';

forEachDatabase((context) => {
  describe('records of the configuration', function () {
    this.timeout(120_000);
    const actor: Actor = systemActor('test');
    let database: Database;
    let uow: UnitOfWork;

    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ beforeCommit: revisionRecorder(modules) }));
      await ensureFirstRevision(uow, modules);
    });

    const record = async (set: string, name: string): Promise<ConfigurationRecord> => {
      const document = await readConfiguration(database.read, modules);
      const found = document.data[set]?.find((one) => one.name === name);
      if (!found) throw new Error(`no ${name} in ${set}`);
      return found;
    };
    const change = async (set: string, name: string, changes: Partial<ConfigurationRecord>, reason?: string) => {
      const before = await record(set, name);
      await saveConfigurationRecord(uow, modules, actor, {
        set,
        record: { ...before, ...changes, values: { ...before.values, ...changes.values } },
        seen: checksumOf(before),
        ...(reason ? { reason } : {}),
      });
    };
    const latest = async () => (await latestRevision(database.read))?.revision ?? 0;
    const back = async (revision: number) =>
      rollbackConfiguration(uow, modules, actor, { revision, seenRevision: await latest(), reason: '退回' });
    const numbers = (through: UnitOfWork, count: number, type = 'XS', store = 'NJ01', day = '2026-11-23') =>
      Promise.all(
        Array.from({ length: count }, () =>
          through.run(actor, (unit) => Promise.resolve(unit.documentNumber(type, store, day))),
        ),
      );

    it('are refused over what somebody else changed, and leave a version with the reason', async () => {
      const before = await record(NUMBERING, 'XS');
      await change(NUMBERING, 'XS', { values: { prefix: 'SA' } }, '新编号');
      const refused = await saveConfigurationRecord(uow, modules, actor, {
        set: NUMBERING,
        record: { ...before, values: { ...before.values, prefix: 'SB' } },
        seen: checksumOf(before),
      }).catch((error: Error) => error.message);
      expect(refused).to.equal('errors:stale');
      const { revision, content } = (await latestRevision(database.read)) ?? {};
      expect(revision).to.equal(2);
      expect(content?.data[NUMBERING]?.find(({ name }) => name === 'XS')?.values).to.include({ prefix: 'SA' });
    });

    it('of numbering: a new rule counts at once, and no rule ever gives a number twice', async () => {
      const given: string[] = [];
      given.push(...(await numbers(uow, 25)));
      expect(given[0]).to.match(/^XS261123-NJ01-\d{4}$/);
      await change(NUMBERING, 'XS', { values: { prefix: 'SA', datePart: 'none', storePart: false, digits: 6 } });
      const [first = ''] = await numbers(uow, 1);
      expect(first).to.match(/^SA-\d{6}$/);
      given.push(first, ...(await numbers(uow, 25, 'XS', 'NJ02')));
      // The text of one rule can begin as that of another did: XS2611 without a date, XS with year and month.
      await change(NUMBERING, 'XS', { values: { prefix: 'XS', datePart: 'yyMM', storePart: true, digits: 4 } });
      given.push(...(await numbers(uow, 25)));
      await change(NUMBERING, 'XS', { values: { prefix: 'XS2611', datePart: 'none', storePart: true, digits: 4 } });
      given.push(...(await numbers(uow, 25)));
      await back(1);
      given.push(...(await numbers(uow, 25)));
      await back(2);
      given.push(...(await numbers(uow, 25)));
      expect(new Set(given).size).to.equal(given.length);
    });

    it('of numbering: two types cannot have one prefix, and a rule has its bounds', async () => {
      const refusal = async (values: ConfigurationRecord['values']) =>
        change(NUMBERING, 'XS', { values }).then(
          () => 'done',
          (error: { fields?: { path: string }[] }) => error.fields?.[0]?.path,
        );
      expect(await refusal({ prefix: 'RK' })).to.equal('prefix');
      expect(await refusal({ prefix: '销售' })).to.equal('prefix');
      expect(await refusal({ digits: 9 })).to.equal('digits');
      expect(await latest()).to.equal(1);
    });

    it('of tax rates: only these can be chosen, and one that is used stays on', async () => {
      const rates = 'catalog.taxRates';
      const category = (name: string, taxRateBp: number) =>
        createCategory(uow, actor, { name, taxRateBp, tracking: 'plain' });
      expect((await refusal(category('平板', 1700))).fields?.[0]).to.include({
        path: 'taxRate',
        code: 'catalog:error.tax_rate',
      });
      await saveConfigurationRecord(uow, modules, actor, {
        set: rates,
        record: { name: '旧税率 17%', active: true, values: { rateBp: 1700, code: 'OLD17' } },
      });
      await category('平板', 1700);
      const used = await refusal(change(rates, '旧税率 17%', { active: false }));
      expect([used.code, used.details]).to.eql(['configuration:error.inUse', { count: 1 }]);
      expect((await refusal(change(rates, '9%', { values: { rateBp: 1300 } }))).code).to.equal('errors:form');
      const [before] = await listCategories(database.read);
      const tablet = { id: before?.id ?? 0, version: 1, name: '平板', tracking: 'plain' as const, active: true };
      await updateCategory(uow, actor, { ...tablet, taxRateBp: 600 });
      await change(rates, '旧税率 17%', { active: false }, '不再使用');
      expect((await refusal(updateCategory(uow, actor, { ...tablet, version: 2, taxRateBp: 1700 }))).code).to.equal(
        'errors:form',
      );
      // Back to when the category had the old rate: the rate comes back first.
      await back((await latest()) - 2);
      expect((await listCategories(database.read))[0]?.taxRateBp).to.equal(1700);
      expect((await record(rates, '旧税率 17%')).active).to.equal(true);
    });

    it('of price lists: a store’s own list counts while it is on, and the base list stays on', async () => {
      const lists = 'pricing.lists';
      const { storeId, chargerSkuId: skuId } = await sampleCatalog(uow);
      await saveConfigurationRecord(uow, modules, actor, {
        set: lists,
        record: { name: '新街口促销价', active: true, values: { store: 'NJ01' } },
      });
      const own = await record(lists, '新街口促销价');
      await changePrices(uow, actor, { priceListId: own.id, items: [{ skuId, priceFen: 90_00, floorFen: null }] });
      const price = async () =>
        (
          await pricesOf(database.read, [skuId], { storeId, at: Date.now() + 1000, on: businessDate('2026-11-22') })
        ).get(skuId)?.priceFen;
      expect(await price()).to.equal(90_00);
      await change(lists, '新街口促销价', { active: false }, '促销结束');
      expect(await price()).to.equal(149_00);
      await back((await latest()) - 1);
      expect(await price()).to.equal(90_00);
      const base = (await readConfiguration(database.read, modules)).data[lists]?.find(
        ({ values }) => values['store'] === null,
      );
      expect((await refusal(change(lists, base?.name ?? '', { active: false }))).fields?.[0]?.path).to.equal('active');
      expect((await refusal(change(lists, '新街口促销价', { values: { store: 'NJ02' } }))).fields?.[0]?.path).to.equal(
        'store',
      );
    });

    it('of supplier categories: a new name reaches the suppliers, and one that is used stays on', async () => {
      const categories = 'purchasing.supplierCategories';
      const { id } = await createSupplier(uow, actor, testKeys, { name: '华东总代', category: '国代' });
      const categoryOf = async () => (await database.read.get(supplier, id))?.category;
      await change(categories, '国代', { name: '全国代理' });
      expect(await categoryOf()).to.equal('全国代理');
      const used = await refusal(change(categories, '全国代理', { active: false }));
      expect([used.code, used.details]).to.eql(['configuration:error.inUse', { count: 1 }]);
      await change(categories, '其他', { active: false });
      expect(await supplierCategories(database.read))
        .to.include('全国代理')
        .and.not.include('其他');
      await back(1);
      expect(await categoryOf()).to.equal('国代');
      expect(await supplierCategories(database.read)).to.eql([
        '手机厂商',
        '国代',
        '省代',
        '运营商',
        '配件商',
        '维修配件',
        '其他',
      ]);
    });

    it('that follow from the program are kept when a version or a file does not have them', async () => {
      const { plan } = await previewRollback(database.read, modules, 1);
      expect(plan.changes).to.eql([]);
      const other = await saveConfigurationRecord(uow, modules, actor, {
        set: NUMBERING,
        record: { name: 'ZZ', active: true, values: { prefix: 'ZZ', datePart: 'none', storePart: true, digits: 4 } },
      }).catch((error: Error & { status?: number }) => error.status);
      expect(other).to.equal(404);
    });

    it('changed on one server are followed by another within five seconds, and numbers stay apart', async () => {
      const url = await context.freshUrl();
      const servers = [await openDatabase(url), await openDatabase(url)] as const;
      try {
        database = servers[0];
        uow = createUnitOfWork(database, { timeZone: 'Asia/Shanghai', beforeCommit: revisionRecorder(modules) });
        await ensureFirstRevision(uow, modules);
        const other = createUnitOfWork(servers[1], { timeZone: 'Asia/Shanghai' });
        const given = [...(await numbers(uow, 5)), ...(await numbers(other, 5))];
        await change(NUMBERING, 'XS', { values: { prefix: 'SA' } });
        const since = Date.now();
        for (;;) {
          const [number = ''] = await numbers(other, 1);
          given.push(number, ...(await numbers(uow, 1)));
          if (number.startsWith('SA')) break;
          expect(Date.now() - since, 'still by the old rule').to.be.below(5000);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect(new Set(given).size).to.equal(given.length);
      } finally {
        for (const server of servers) await server.close();
      }
    });
  });
});
