import { expect } from 'chai';
import { addSupplier } from '../../../src/modules/purchasing';
import { bankChangesOf, waitingBankChanges } from '../../../src/modules/purchasing/queries/bank-changes';
import { bankPayments } from '../../../src/modules/purchasing/queries/bank-payments';
import { getSupplier } from '../../../src/modules/purchasing/queries/suppliers';
import { supplierBankChange } from '../../../src/modules/purchasing/store/supplier-bank.table';
import {
  changeBankData,
  confirmBankChange,
  refuseBankChange,
} from '../../../src/modules/purchasing/use-cases/change-bank-data';
import { supplierImporter } from '../../../src/modules/purchasing/use-cases/import-suppliers';
import { changeSupplier } from '../../../src/modules/purchasing/use-cases/save-supplier';
import { sql } from '../../../src/platform/database';
import type { ImportRow } from '../../../src/platform/modules';
import { writeParameter } from '../../../src/platform/parameters';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { draftPayment } from '../../support/payments';
import { samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const scopes = {
  'purchasing.bank.edit': 'all',
  'purchasing.bank.confirm': 'all',
  'purchasing.supplier.edit': 'all',
} as const;
const clerk = { ...actorWith(scopes, '会计'), userId: 1 };
const owner = { ...actorWith(scopes, '老板'), userId: 2 };
const OLD = '6222021234567890';
const NEW = '6222029999999999';

describe('bank data of suppliers', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('change when somebody else has confirmed it, are encrypted, and the audit log never names the number', async () => {
      const { database, uow } = await context.openUow({ clock });
      const supplierId = await uow.run(system, (unit) =>
        addSupplier(unit, testKeys, { name: '深圳华盛通讯', bank: '工行深圳分行', bankAccount: OLD }),
      );
      const now = async () => {
        const { bank, bankAccount } = await getSupplier(database.read, testKeys, supplierId);
        return [bank, bankAccount];
      };
      const ask = (bankAccount: string | null, reason: string | null = '盖章变更函') =>
        changeBankData(uow, clerk, testKeys, { supplierId, bank: '建行深圳分行', bankAccount, reason });
      const wrong = await refusal(ask('六二二二', ''));
      expect(wrong.fields.map(({ path }) => path).sort()).to.eql(['bankAccount', 'reason']);
      const first = await ask('6222020000000000');
      const second = await ask(NEW);
      expect(await now()).to.eql(['工行深圳分行', OLD]);
      expect(
        (await bankChangesOf(database.read, testKeys, supplierId)).map(({ state, account }) => [state, account]),
      ).to.eql([
        ['waiting', NEW],
        ['withdrawn', '6222020000000000'],
      ]);
      expect(JSON.stringify(await database.read.find(supplierBankChange, {}))).to.not.include(NEW);

      const decision = { supplierId, changeId: second.id, version: 1 };
      expect((await refusal(confirmBankChange(uow, clerk, testKeys, decision))).code).to.equal(
        'purchasing:error.bank_own',
      );
      const late = await refusal(confirmBankChange(uow, owner, testKeys, { ...decision, changeId: first.id }));
      expect(late).to.include({ code: 'purchasing:error.bank_decided', status: 409 });
      const stranger = { ...decision, supplierId: supplierId + 1 };
      expect((await refusal(confirmBankChange(uow, owner, testKeys, stranger))).status).to.equal(404);
      const both = await Promise.allSettled([
        confirmBankChange(uow, owner, testKeys, decision),
        confirmBankChange(uow, owner, testKeys, decision),
      ]);
      expect(both.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      expect(await now()).to.eql(['建行深圳分行', NEW]);
      expect((await refusal(ask(NEW))).code).to.equal('errors:form');

      // Taking the account away is a change, too; refused, it stays.
      const none = await ask(null);
      expect(await waitingBankChanges(database.read)).to.eql({ count: 1, supplierId });
      await refuseBankChange(uow, owner, { supplierId, changeId: none.id, version: 1, reason: '没有这回事' });
      expect(await now()).to.eql(['建行深圳分行', NEW]);
      expect((await waitingBankChanges(database.read)).count).to.equal(0);

      // Nobody changes it by way of the rest of the supplier's data.
      const { version } = await getSupplier(database.read, testKeys, supplierId);
      const sly = { id: supplierId, version, name: '深圳华盛通讯', bank: '别家', bankAccount: '1111222233334444' };
      await changeSupplier(uow, clerk, testKeys, sly);
      expect(await now()).to.eql(['建行深圳分行', NEW]);
      const audit = await database.read.all<{ action: string; detail: string }>(
        sql`SELECT action, detail FROM audit_log WHERE action LIKE 'purchasing.supplier.bank%' ORDER BY id`,
      );
      expect(audit.map(({ action }) => action.split('_').at(-1))).to.eql(['ask', 'ask', 'confirm', 'ask', 'refuse']);
      expect(JSON.stringify(audit)).to.not.include('6222');
      expect(() =>
        changeBankData(uow, actorWith({}), testKeys, { supplierId, bank: null, bankAccount: null, reason: 'x' }),
      ).to.throw();
    });

    it('of an import wait for a second look as well', async () => {
      const { database, uow } = await context.openUow({ clock });
      const rows: ImportRow[] = [
        { line: 2, values: { name: '恒通', bank: '工行', bankAccount: OLD } },
        { line: 3, values: { name: '联讯' } },
      ];
      const options = { storeId: null, today: '2026-11-22', onProgress: async () => {}, keys: testKeys };
      const plan = await supplierImporter.plan(database.read, system, rows, options);
      await uow.run(clerk, (unit) => plan.apply(unit, async () => {}));
      const { supplierId, count } = await waitingBankChanges(database.read);
      expect(count).to.equal(1);
      const party = await getSupplier(database.read, testKeys, supplierId ?? 0);
      expect(party).to.include({ name: '恒通', bank: null, bankAccount: null });
      const [change] = await bankChangesOf(database.read, testKeys, party.id);
      expect(change).to.include({ account: OLD, bank: '工行', requestedByName: '会计' });
    });

    it('go with what may be paid into the file for the bank, and tell where to look twice', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { supplierId } = sample;
      const { id } = await draftPayment(uow, sample, { amountFen: 100_000, reference: 'A-1' });
      await draftPayment(uow, sample, { amountFen: 300_000 });
      await draftPayment(uow, sample, { amountFen: 100, account: 'cash' });
      await uow.run(system, (unit) => writeParameter(unit, 'finance.paymentApprovalYuan', 2_000));
      const ask = await changeBankData(uow, clerk, testKeys, {
        supplierId,
        bank: '建行',
        bankAccount: NEW,
        reason: '函',
      });
      const list = async (actor = system) =>
        (await bankPayments(database.read, actor, testKeys, null)).map(
          ({ amountFen, account, changing, accountSince }) => ({
            amountFen,
            account,
            changing,
            since: accountSince !== null,
          }),
        );
      expect(await list()).to.eql([{ amountFen: 100_000, account: null, changing: true, since: false }]);
      await confirmBankChange(uow, owner, testKeys, { supplierId, changeId: ask.id, version: 1 });
      expect(await list()).to.eql([{ amountFen: 100_000, account: NEW, changing: false, since: true }]);
      await uow.run(system, (unit) => writeParameter(unit, 'finance.paymentApprovalYuan', 0));
      expect(await list()).to.have.length(2);
      expect(await list(actorWith({ 'finance.payment.view': 'all' }))).to.eql([]);
      expect(id).to.be.greaterThan(0);
    });
  });
});
