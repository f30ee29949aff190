import { expect } from 'chai';
import { createCustomer, findCustomerByPhone, searchCustomers } from '../../../src/modules/crm';
import { customer } from '../../../src/modules/crm/store/customer.table';
import { customerImporter } from '../../../src/modules/crm/use-cases/import-customers';
import { listLevels } from '../../../src/modules/pricing';
import { LEVELS } from '../../../src/modules/pricing/queries/levels';
import { saveRecord } from '../../../src/platform/configuration';
import type { ImportRow } from '../../../src/platform/modules';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';

const system = systemActor('test');
const noProgress = () => Promise.resolve();
const options = { storeId: null, keys: testKeys, today: '2026-11-22', onProgress: noProgress };
const rowsOf = (...rows: Record<string, string>[]): ImportRow[] =>
  rows.map((values, index) => ({ line: index + 2, values }));

describe('import of customers', () => {
  forEachDatabase((context) => {
    const open = async () => {
      const { database, uow } = await context.openUow();
      const level = { name: '金卡', active: true, values: {} };
      await uow.run(system, (unit) => saveRecord(unit, { module: 'pricing', id: 'levels', values: LEVELS }, level));
      return { read: database.read, uow };
    };

    it('adds them encrypted, with the level, and they are found by name and number', async () => {
      const { read, uow } = await open();
      const rows = rowsOf(
        {
          phone: '138 1234 5678',
          name: '王小芳',
          level: ' 金　卡',
          gender: '女',
          birthOn: '1990年3月5日',
          note: '老顾客',
        },
        { phone: '13900001111' },
      );
      const plan = await customerImporter.plan(read, system, rows, options);
      expect(plan.problems).to.eql([]);
      expect(plan.summary).to.eql({ 'crm:import.new_customers': 2 });
      await uow.run(system, (unit) => plan.apply(unit, noProgress));
      const stored = await read.find(customer, {});
      expect(JSON.stringify(stored)).not.to.match(/王小芳|13812345678|1990|老顾客/);
      const levelId = (await listLevels(read))[0]?.id;
      expect(await findCustomerByPhone(read, testKeys, '13812345678')).to.include({ name: '王小芳', levelId });
      expect((await searchCustomers(read, testKeys, 'wxf'))[0]?.name).to.equal('王小芳');
      const again = await customerImporter.plan(read, system, rows, options);
      expect(again.problems.map(({ line, code }) => [line, code])).to.eql([
        [2, 'crm:import.known'],
        [3, 'crm:import.known'],
      ]);
    });

    it('names what is wrong, the level that was probably meant, and who may not set levels', async () => {
      const { read, uow } = await open();
      await createCustomer(uow, system, testKeys, { name: '旧', phone: '13700000000' });
      const rows = rowsOf(
        { phone: '13811112222', level: '金卡会员' },
        { phone: '13811113333', gender: '人' },
        { phone: '', name: '没有号码' },
        { phone: '13811114444' },
        { phone: '138 1111 4444' },
        { phone: '1.38E+10' },
        { phone: '13811115555', birthOn: '2090-01-01' },
      );
      const { problems } = await customerImporter.plan(read, system, rows, options);
      expect(problems.map(({ line, column, code }) => [line, column, code])).to.eql([
        [2, 'level', 'crm:import.level_meant'],
        [3, 'gender', 'crm:import.gender'],
        [4, 'phone', 'errors:field.required'],
        [6, 'phone', 'crm:import.twice'],
        [7, 'phone', 'crm:import.rounded'],
        [8, 'birthOn', 'crm:error.birth_date'],
      ]);
      expect(problems[0]?.details).to.include({ meant: '金卡' });
      const clerk = actorWith({ 'crm.customer.edit': 'all' });
      const refused = await customerImporter.plan(
        read,
        clerk,
        rowsOf({ phone: '13811116666', level: '金卡' }),
        options,
      );
      expect(refused.problems.map(({ code }) => code)).to.eql(['crm:import.level_right']);
    });
  });
});
