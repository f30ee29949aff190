import { expect } from 'chai';
import { openSupplier } from '../../../src/modules/purchasing/store/supplier-secrets';
import { addSupplier } from '../../../src/modules/purchasing';
import { supplier } from '../../../src/modules/purchasing/store/supplier.table';
import { supplierImporter } from '../../../src/modules/purchasing/use-cases/import-suppliers';
import type { ImportRow } from '../../../src/platform/modules';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { testKeys } from '../../support/auth';

const system = systemActor('test');
const noProgress = () => Promise.resolve();
const options = { storeId: null, keys: testKeys, today: '2026-11-22', onProgress: noProgress };
const rowsOf = (...rows: Record<string, string>[]): ImportRow[] =>
  rows.map((values, index) => ({ line: index + 2, values }));

describe('import of suppliers', () => {
  forEachDatabase((context) => {
    it('adds them cleaned, with a code where none is given', async () => {
      const { database, uow } = await context.openUow();
      const rows = rowsOf(
        {
          name: ' 深圳市华盛通讯　有限公司 ',
          code: 'hs01',
          category: '国代',
          contact: '陈先生',
          phone: '１３８００００１２３４',
          taxNumber: '91440300ma5f1234xq',
          bankAccount: '6222 0212 3456',
          paymentDays: '30天',
          paymentTerms: '月结',
          creditLimit: '50,000',
          leadDays: '5 天',
        },
        { name: "O'Brien 100% 📱", paymentDays: '' },
        { name: '恒通', code: '', paymentDays: '15.0' },
      );
      const plan = await supplierImporter.plan(database.read, system, rows, options);
      expect(plan.problems).to.eql([]);
      expect(plan.summary).to.eql({ 'purchasing:import.new_suppliers': 3 });
      expect(await database.read.find(supplier, {})).to.have.length(0);
      await uow.run(system, (unit) => plan.apply(unit, noProgress));
      const stored = await database.read.find(supplier, {});
      expect(JSON.stringify(stored)).not.to.include('13800001234');
      const made = stored.map((row) => openSupplier(testKeys, row));
      expect(made[0]).to.include({
        code: 'HS01',
        name: '深圳市华盛通讯 有限公司',
        phone: '13800001234',
        taxNumber: '91440300MA5F1234XQ',
        paymentDays: 30,
        paymentTerms: 'month_end',
        creditLimitFen: 5_000_000,
        leadDays: 5,
        active: true,
      });
      expect(made[0]?.searchKey).to.include('hstx');
      expect(made[1]).to.include({ name: "O'Brien 100% 📱", paymentDays: 0 });
      expect(made[2]?.code).to.match(/^GYS\d{4,}$/);
      expect(made[2]?.paymentDays).to.equal(15);
    });

    it('takes the categories of the configuration alone, and says which was meant', async () => {
      const { database, uow } = await context.openUow();
      const plan = await supplierImporter.plan(
        database.read,
        system,
        rowsOf(
          { name: '甲', category: ' 国　代 ' },
          { name: '乙', category: '国代商' },
          { name: '丙', category: '房东' },
          { name: '丁', category: '' },
        ),
        options,
      );
      expect(plan.problems.map(({ line, column, code, details }) => [line, column, code, details?.['meant']])).to.eql([
        [3, 'category', 'purchasing:import.category_meant', '国代'],
        [4, 'category', 'purchasing:import.category', undefined],
      ]);
      const good = await supplierImporter.plan(
        database.read,
        system,
        rowsOf({ name: '甲', category: '国　代' }),
        options,
      );
      await uow.run(system, (unit) => good.apply(unit, noProgress));
      expect((await database.read.find(supplier, {}))[0]?.category).to.equal('国代');
    });

    it('names every line that is wrong, twice in the file, or known already', async () => {
      const { database, uow } = await context.openUow();
      await uow.run(system, (unit) => addSupplier(unit, testKeys, { code: 'OLD', name: '老伙计' }));
      const rows = rowsOf(
        { name: '' },
        { name: '甲', paymentDays: '很久' },
        { name: '乙', code: '含空格 的编码', paymentDays: '400' },
        { name: '丙', bankAccount: '6.22202E+18', paymentTerms: '看心情', creditLimit: '很多', leadDays: '三天' },
        { name: '老伙计' },
        { name: '新名', code: 'old' },
        { name: '丁' },
        { name: '丁' },
      );
      const plan = await supplierImporter.plan(database.read, system, rows, options);
      expect(plan.problems.map(({ line, column, code }) => [line, column, code.split(':').at(-1)])).to.eql([
        [2, 'name', 'field.required'],
        [3, 'paymentDays', 'error.payment_days'],
        [4, 'paymentDays', 'error.payment_days'],
        [4, 'code', 'error.supplier_code'],
        [5, 'leadDays', 'error.lead_days'],
        [5, 'paymentTerms', 'import.terms'],
        [5, 'creditLimit', 'money.format'],
        [5, 'bankAccount', 'import.rounded'],
        [6, 'name', 'error.supplier_name_taken'],
        [7, 'code', 'error.supplier_code_taken'],
        [9, 'name', 'import.twice'],
      ]);
    });
  });
});
