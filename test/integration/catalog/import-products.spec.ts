import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { readFileSync } from 'node:fs';
import { brand, category, modelsByTac, skusByCodes } from '../../../src/modules/catalog';
import { tacImporter } from '../../../src/modules/catalog/use-cases/import-tacs';
import { pricesOf } from '../../../src/modules/pricing';
import { productImporter } from '../../../src/modules/pricing/use-cases/import-products';
import { sql, type Reader } from '../../../src/platform/database';
import type { ImportRow } from '../../../src/platform/modules';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { sampleCatalog } from '../../support/sample-catalog';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';
import { testKeys } from '../../support/auth';

const system = systemActor('test');
const noProgress = () => Promise.resolve();
const options = { storeId: null, keys: testKeys, today: '2026-11-22', onProgress: noProgress };

/** Rows as the spreadsheet has them: the header is row 1. */
const rowsOf = (...rows: Record<string, string>[]): ImportRow[] =>
  rows.map((values, index) => ({ line: index + 2, values }));
const phone = (values: Record<string, string>) => ({
  name: '荣耀 Magic8',
  brand: '荣耀',
  category: '手机',
  tracking: '串号',
  ...values,
});

describe('import of products', () => {
  forEachDatabase((context) => {
    const plan = (read: Reader, rows: ImportRow[], actor: Actor = system) =>
      productImporter.plan(read, actor, rows, options);
    const problemsOf = async (read: Reader, rows: ImportRow[], actor: Actor = system): Promise<unknown[]> =>
      (await plan(read, rows, actor)).problems.map(({ line, column, code }) => [line, column, code.split('.').at(-1)]);

    it('makes what is missing and sets prices, all in one go', async () => {
      const { database, uow } = await context.openUow();
      const rows = rowsOf(
        phone({
          code: 'HM8-1',
          memory: '12+256G',
          colour: '黑',
          barcode: '6936520812345、6936520812352',
          price: '4,499',
          floor: '4299',
          category: '手机/智能手机',
        }),
        phone({ memory: '16+512G', colour: '黑', category: '手机/智能手机', tracking: '', price: '4999' }),
        {
          name: '手机壳',
          brand: '通用',
          category: '配件',
          tracking: '数量',
          taxRate: '13%',
          price: '29.9',
          floor: '',
          warranty: '',
        },
        { name: '碎屏险', brand: '通用', category: '服务', tracking: '服务', taxRate: '0.06', warranty: '0' },
      );
      const checked = await plan(database.read, rows);
      expect(checked.problems).to.deep.equal([]);
      expect(checked.summary).to.deep.equal({
        'catalog:import.new_brands': 2,
        'catalog:import.new_categories': 4,
        'catalog:import.new_products': 3,
        'catalog:import.new_skus': 4,
        'catalog:import.prices': 3,
      });
      const progress: number[] = [];
      await uow.run(system, (unit) =>
        checked.apply(unit, (done, total) => Promise.resolve(void progress.push(done / total))),
      );
      expect(progress.at(-1)).to.equal(1);
      const found = await skusByCodes(database.read, ['HM8-1', '6936520812352']);
      expect(found.get('6936520812352')).to.deep.equal(found.get('HM8-1'));
      const card = found.get('HM8-1');
      expect(card).to.include({
        name: '荣耀 Magic8 12+256G 黑',
        tracking: 'serial',
        taxRateBp: 1300,
        warrantyMonths: 12,
      });
      const prices = await pricesOf(database.read, [card?.id ?? 0], {
        storeId: null,
        at: Date.now() + 1000,
        on: businessDate('2026-11-22'),
      });
      expect(prices.get(card?.id ?? 0)).to.include({ priceFen: 449_900, floorFen: 429_900 });
      const services = await database.read.all(
        sql`SELECT id FROM sku WHERE tracking = 'service' AND tax_rate_bp = 600`,
      );
      expect(services).to.have.length(1);

      // The same file again: every row is there already, and nothing is written.
      expect(await problemsOf(database.read, rows)).to.deep.equal([
        [2, 'code', 'code_taken'],
        [2, 'barcode', 'barcode_taken'],
        [2, 'barcode', 'barcode_taken'],
        [2, 'name', 'variant_taken'],
        [3, 'name', 'variant_taken'],
        [4, 'name', 'variant_taken'],
        [5, 'name', 'variant_taken'],
      ]);
      // A new colour of a known product needs neither tracking nor tax.
      const more = await plan(
        database.read,
        rowsOf(phone({ memory: '12+256G', colour: '白', category: '手机 > 智能手机', tracking: '' })),
      );
      expect(more.problems).to.deep.equal([]);
      await uow.run(system, (unit) => more.apply(unit, noProgress));
      expect(await database.read.all(sql`SELECT id FROM product WHERE name = '荣耀 Magic8'`)).to.have.length(1);
    });

    it('names every wrong row and column, in the file and against the books', async () => {
      const { database, uow } = await context.openUow();
      await sampleCatalog(uow);
      const wrong = async (...rows: Record<string, string>[]) => problemsOf(database.read, rowsOf(...rows));
      expect(await wrong({ name: '', brand: '', category: '' })).to.deep.equal([
        [2, 'name', 'required'],
        [2, 'brand', 'required'],
        [2, 'category', 'required'],
      ]);
      expect(await wrong(phone({ tracking: '随便' }))).to.deep.equal([[2, 'tracking', 'tracking']]);
      expect(await wrong(phone({ category: '数码', tracking: '' }))).to.deep.equal([
        [2, 'tracking', 'tracking_new_category'],
      ]);
      expect(await wrong(phone({ category: 'a/b/c/d' }))).to.deep.equal([[2, 'category', 'category_depth']]);
      expect(await wrong(phone({ barcode: '6.93652E+12' }))).to.deep.equal([[2, 'barcode', 'barcode_excel']]);
      expect(await wrong(phone({ barcode: '6934177700019' }))).to.deep.equal([[2, 'barcode', 'barcode_taken']]);
      expect(await wrong(phone({ code: 'mi17-01' }))).to.deep.equal([[2, 'code', 'code_taken']]);
      expect(await wrong(phone({ code: '有空 格' }))).to.deep.equal([[2, 'code', 'sku_code']]);
      expect(await wrong(phone({ price: 'abc' }))).to.deep.equal([[2, 'price', 'format']]);
      expect(await wrong(phone({ price: '100', floor: '101' }))).to.deep.equal([[2, 'floor', 'floor_above_price']]);
      expect(await wrong(phone({ floor: '101' }))).to.deep.equal([[2, 'floor', 'floor_without_price']]);
      expect(await wrong(phone({ taxRate: '130' }))).to.deep.equal([[2, 'taxRate', 'tax']]);
      expect(await wrong(phone({ warranty: '999' }))).to.deep.equal([[2, 'warranty', 'warranty']]);
      expect(
        await wrong(
          phone({ code: 'A1', colour: '黑', barcode: '111222333' }),
          phone({ code: 'a1', colour: '白', barcode: '111222333' }),
          phone({ colour: ' 黑 ', model: 'X' }),
          phone({ colour: '红', model: 'Y', tracking: '数量' }),
        ),
      ).to.deep.equal([
        [3, 'code', 'code_repeated'],
        [3, 'barcode', 'barcode_repeated'],
        [4, 'name', 'variant_repeated'],
        [5, 'tracking', 'model_differs'],
      ]);
      expect(
        await wrong({ name: '小米17', brand: '小米', category: '配件', tracking: '数量', colour: '金' }),
      ).to.deep.equal([
        [2, 'category', 'category_taken'],
        [2, 'tracking', 'product_differs'],
      ]);
    });

    it('puts nothing new under a brand or category that is switched off, however deep', async () => {
      const { database, uow } = await context.openUow();
      const sample = await sampleCatalog(uow);
      const off = (table: typeof brand | typeof category, id: number) =>
        uow.run(system, (unit) => unit.update(table, id, { active: false }, 1));
      const rows = rowsOf(
        { name: '新壳', brand: '小米', category: '配件', tracking: '数量' },
        { name: '新膜', brand: '通用', category: '配件/贴膜', tracking: '数量' },
        { name: '新机', brand: '通用', category: '手机', tracking: '串号' },
      );
      expect(await problemsOf(database.read, rows)).to.deep.equal([]);
      await off(category, sample.accessoryCategoryId);
      await off(brand, sample.brandId);
      expect(await problemsOf(database.read, rows)).to.deep.equal([
        [2, 'brand', 'brand_off'],
        [2, 'category', 'category_off'],
        [3, 'category', 'category_off'],
      ]);
      // Another variant of what is there already goes on.
      const [more] = rowsOf({ name: '小米17', brand: '小米', category: '手机', tracking: '', colour: '金' });
      expect(await problemsOf(database.read, more ? [more] : [])).to.deep.equal([]);
    });

    it('lets only who may change base prices bring prices', async () => {
      const { database } = await context.openUow();
      const buyer = actorWith({ 'catalog.product.edit': 'all', 'pricing.price.edit': [1] });
      expect(
        await problemsOf(database.read, rowsOf(phone({}), phone({ colour: '黑', price: '1' })), buyer),
      ).to.deep.equal([[3, 'price', 'price_right']]);
      expect(await problemsOf(database.read, rowsOf(phone({})), buyer)).to.deep.equal([]);
    });

    it('writes thousands of rows in sets', async function () {
      this.timeout(60_000);
      const { database, uow } = await context.openUow();
      const rows = rowsOf(
        ...Array.from({ length: 3000 }, (_, index) =>
          phone({
            name: `荣耀 X${index % 300}`,
            memory: `${index}G`,
            barcode: String(6_900_000_000_000 + index),
            price: '999',
          }),
        ),
      );
      const checked = await plan(database.read, rows);
      expect(checked.problems).to.deep.equal([]);
      await uow.run(system, (unit) => checked.apply(unit, noProgress));
      const counts = await database.read.one<{ skus: number }>(sql`SELECT COUNT(*) AS skus FROM sku`);
      expect(Number(counts?.skus)).to.equal(3000);
    });

    it('reads a table of TACs, ragged as it is', async function () {
      const file = sharedFile('tac-samsung-ragged-bom.csv');
      skipUnlessOutside(this, file, COLLECTION_ABSENT);
      const { database, uow } = await context.openUow();
      await sampleCatalog(uow);
      const [head = [], ...body] = readFileSync(file, 'utf8')
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
        .filter(Boolean)
        .map((line) => line.split(','));
      const rows = body.map((cells, index) => ({
        line: index + 2,
        values: Object.fromEntries(head.map((name, place) => [name, cells[place] ?? ''])),
      }));
      const checked = await tacImporter.plan(database.read, system, rows, options);
      expect(checked.problems).to.deep.equal([]);
      await uow.run(system, (unit) => checked.apply(unit, noProgress));
      const models = await modelsByTac(database.read, ['350000989123456', '091675131234567', '999999991234567']);
      expect([...models.keys()].sort()).to.deep.equal(['09167513', '35000098']);
      expect(models.get('35000098')?.modelText).to.include('SM-A326B / SM-A326BR');
      const again = await tacImporter.plan(database.read, system, rows, options);
      expect(again.summary).to.deep.equal({ 'catalog:import.new_tacs': 0, 'catalog:import.changed_tacs': 0 });
      const bad = await tacImporter.plan(
        database.read,
        system,
        rowsOf({ tac: '3.5E+7', model: 'x' }, { tac: '1234567', model: 'y' }),
        options,
      );
      expect(bad.problems.map((one) => [one.line, one.code])).to.deep.equal([[2, 'catalog:import.problem.tac']]);
    });
  });
});
