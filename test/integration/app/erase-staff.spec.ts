import { expect } from 'chai';
import { collectStaff, eraseStaff, isErased, mustGetStaff, openWithStaff } from '../../../src/app/privacy/staff';
import { addStaff } from '../../../src/modules/organization';
import { postSale } from '../../../src/modules/sales';
import { addUser, ensureReadyRoles, role, userAccount } from '../../../src/platform/auth';
import { modules } from '../../../src/app/modules';
import { SYSTEM_PERMISSIONS } from '../../../src/app/system/system.module';
import { sql } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleShop } from '../../support/sample-shop';
import { servicesBench, type ServicesBench } from '../../support/services';

const system = systemActor('test');

describe('a member of staff who leaves', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());

    async function shopWithClerk() {
      const { services } = bench;
      const { uow, database } = services;
      await ensureReadyRoles(uow, [...modules, { permissions: SYSTEM_PERMISSIONS }]);
      const roles = new Map((await database.read.find(role, {})).map((row) => [row.code, row.id]));
      const { staffId, userId } = await uow.run(system, async (unit) => {
        const id = await addStaff(unit, testKeys, {
          code: 'N007',
          name: '周敏敏',
          jobTitle: '店员',
          phone: '13700001111',
        });
        const grants = [{ roleId: roles.get('administrator') ?? 0, storeId: null }];
        const made = await addUser(unit, { login: 'zhoumm', name: '周敏敏', staffId: id, locale: 'zh-CN', grants });
        return { staffId: id, userId: made.userId };
      });
      const clerk: Actor = { ...system, userId, name: '周敏敏' };
      const shop = await sampleShop(uow, clerk);
      const { saleId } = await postSale(uow, clerk, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 14_900 }],
      });
      await uow.run(system, (unit) =>
        unit.execute(sql`UPDATE user_account SET password_hash = ${'x'}, totp_secret = ${'y'} WHERE id = ${userId}`),
      );
      return { services, uow, read: database.read, staffId, userId, saleId, roles };
    }
    const erase = (staffId: number) =>
      eraseStaff(bench.services, system, { staffId, reason: 'request', typedCode: 'n007' });

    it('is not erased with an open till, as the last administrator, by themself, or with another number', async () => {
      const { services, uow, read, staffId, userId, roles } = await shopWithClerk();
      const codes = async (actor = system) =>
        (await openWithStaff(read, actor, staffId, services.clock())).map(({ code }) => code.split('.').at(-1));
      expect(await codes()).to.have.members(['shift', 'administrator']);
      expect(await codes({ ...system, userId })).to.include('self');
      const { scope } = system;
      const limited: Actor = { ...system, scope: (id) => (id === 'administration.user.manage' ? [] : scope(id)) };
      expect(await codes(limited)).to.include('manage');
      const wrong = eraseStaff(services, system, { staffId, reason: 'request', typedCode: 'N008' });
      expect((await refusal(wrong)).fields[0]?.code).to.equal('privacy:error.code');
      expect(await refusal(erase(staffId))).to.include({ code: 'privacy:error.open', status: 422 });
      await uow.run(system, async (unit) => {
        await unit.execute(sql`UPDATE shift SET open_register_id = NULL, state = ${'closed'}`);
        await unit.execute(sql`INSERT INTO import_run (id, importer, file_name, stored_as, sheet, header_row, mapping, across,
          state, row_count, done, problem_count, created_by, created_by_name, created_at, version)
          VALUES (${900}, ${'x'}, ${'a'}, ${'a'}, ${0}, ${1}, ${'{}'}, ${'{}'}, ${'checked'}, ${0}, ${0}, ${0}, ${userId}, ${'周敏敏'},
          ${1}, ${1})`);
      });
      expect(await codes()).to.have.members(['imports', 'administrator']);
      await uow.run(system, (unit) => unit.execute(sql`UPDATE import_run SET state = ${'cancelled'}`));
      expect((await refusal(erase(staffId))).details).to.deep.equal({ count: 1 });
      const grants = [{ roleId: roles.get('administrator') ?? 0, storeId: null }];
      await uow.run(system, (unit) => addUser(unit, { login: 'second', name: '二', locale: 'zh-CN', grants }));
      expect(await codes()).to.deep.equal([]);
      expect(isErased(await mustGetStaff(read, staffId))).to.equal(false);
    });

    it('is only a number afterwards, everywhere but in books and log, and an interruption is made good', async () => {
      const { services, uow, read, staffId, userId, saleId, roles } = await shopWithClerk();
      const grants = [{ roleId: roles.get('administrator') ?? 0, storeId: null }];
      await uow.run(system, async (unit) => {
        await addUser(unit, { login: 'second', name: '二', locale: 'zh-CN', grants });
        await unit.execute(sql`UPDATE shift SET open_register_id = NULL, state = ${'closed'}`);
        await unit.execute(sql`UPDATE sale SET reversed_by_name = ${'周敏敏'}`);
      });
      const copy = await collectStaff(services, system, staffId, (key) => key);
      expect(JSON.stringify(copy.parts)).to.include('周敏敏').and.include('13700001111').and.include('ZHOUMM');
      const books = () =>
        read.all(sql`SELECT s.gross_fen, s.cost_fen, s.cashier_id, s.shift_id, l.amount_fen FROM sale s JOIN sale_line l
          ON l.sale_id = s.id WHERE s.id = ${saleId} ORDER BY l.id`);
      const before = await books();
      // The process ends when the account is closed and before the names on documents are replaced.
      let runs = 0;
      const cut = {
        ...services,
        uow: {
          ...uow,
          run: ((...args: Parameters<typeof uow.run>) => {
            if ((runs += 1) > 1) throw new Error('power cut');
            return uow.run(...args);
          }) as typeof uow.run,
        },
      };
      const stopped = eraseStaff(cut, system, { staffId, reason: 'request', typedCode: 'N007' });
      expect(await stopped.then(() => '', String)).to.include('power cut');
      const account = await read.get(userAccount, userId);
      expect(account).to.include({ active: false, passwordHash: null, totpSecret: null, name: 'N007' });
      expect(account?.login).to.equal(`LEFT-${userId}`);
      await erase(staffId);
      await erase(staffId);
      for (const table of [
        'staff',
        'user_account',
        'user_role',
        'sale',
        'shift',
        'held_sale',
        'operation',
        'outbox_event',
      ]) {
        const text = JSON.stringify(await read.all(sql`SELECT * FROM ${sql.identifier(table)}`));
        for (const part of ['周敏敏', 'zmm', 'zhoum', 'ZHOUMM', '店员'])
          expect(text, `${table}: ${part}`).not.to.include(part);
      }
      expect(await books()).to.deep.equal(before);
      const [sold] = await read.all<{ cashierName: string }>(sql`SELECT cashier_name FROM sale WHERE id = ${saleId}`);
      expect(sold?.cashierName).to.equal('N007');
      expect(isErased(await mustGetStaff(read, staffId))).to.equal(true);
      expect(await read.all(sql`SELECT id FROM user_role WHERE user_id = ${userId}`)).to.deep.equal([]);
      const log = await read.all<{ action: string }>(
        sql`SELECT action FROM audit_log WHERE subject_type = ${'organization.staff'} AND subject_id = ${staffId} ORDER BY id`,
      );
      expect(log.map(({ action }) => action.split('.').at(-1))).to.deep.equal(['create', 'export', 'erase']);
    });
  });
});
