import { expect } from 'chai';
import { createRole, createUser, ensureReadyRoles, role } from '../../src/platform/auth';
import { createRefusals, REFUSED } from '../../src/platform/audit';
import { systemActor } from '../../src/platform/permissions';
import { openSpreadsheet } from '../../src/platform/spreadsheet';
import { CONFLICTING_DUTIES } from '../../src/modules/administration/domain/conflicting-duties';
import { HIDDEN_WITHOUT } from '../../src/modules/administration/domain/rights';
import { createStaff, createStore } from '../../src/modules/organization';
import { sql } from '../../src/platform/database';
import { testApps, type TestApp, type TestClient } from '../support/http';
import { testKeys } from '../support/auth';

const system = systemActor('test');

/** The sheets of an exported workbook as rows of text. */
async function sheetsOf(client: TestClient, address: string): Promise<string[][][]> {
  const { body } = (await client
    .get(address)
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200)) as { body: Buffer };
  const book = await openSpreadsheet(body);
  const sheets: string[][][] = [];
  for (const index of book.sheets.keys()) {
    const rows: string[][] = [];
    for await (const { cells } of book.rows(index)) rows.push(cells.map((cell) => cell.text));
    sheets.push(rows);
  }
  return sheets;
}

const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const rowOf = (html: string, id: string): string => new RegExp(`<tr id="${id}">.*?</tr>`, 's').exec(html)?.[0] ?? '';
const rowWith = (html: string, text: string): string =>
  plain((html.match(/<tr\b[^>]*>[\s\S]*?<\/tr>/g) ?? []).find((row) => row.includes(text)) ?? '');

describe('rights', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async () => {
    const app = await start();
    await ensureReadyRoles(app.uow, app.app.manifests);
    const { id: storeId } = await createStore(app.uow, system, { code: 'NJ01', name: '新街口店', kind: 'store' });
    return { app, storeId };
  };
  const roleOf = async (app: TestApp, code: string): Promise<number> =>
    (await app.database.read.find(role, { code }))[0]?.id ?? 0;
  const addAccount = async (app: TestApp, login: string, grants: { roleId: number; storeId: number | null }[]) =>
    (await createUser(app.uow, system, { login, name: `员工${login}`, locale: 'zh-CN', grants })).userId;
  const ownRole = async (app: TestApp, name: string, permissions: string[]) =>
    (await createRole(app.uow, system, { name, permissions }, new Set(permissions))).roleId;

  it('stand in one table of roles and permissions, with the stores of each account beside it', async () => {
    const { app, storeId } = await open();
    const own = await ownRole(app, '早班收银', ['sales.shift.open']);
    await addAccount(app, 'ANNA', [{ roleId: own, storeId }]);
    const { text } = await app.get('/administration/rights').expect(200);
    const roles = await app.database.read.find(role, {});
    const having = (id: string): number => (rowOf(text, id).match(/<use/g) ?? []).length;
    expect(having('sales.shift.open'), 'owner, manager, cashier, clerk, administrator and the own one').to.equal(6);
    expect(having('administration.role.manage'), 'administrators only').to.equal(1);
    expect((rowOf(text, 'sales.shift.open').match(/<td>/g) ?? []).length).to.equal(roles.length);
    expect(text).to.include('早班收银');
    expect(rowWith(text, '>ANNA<')).to.include('新街口店').and.include('早班收银（新街口店）');
    const [matrix, accounts] = await sheetsOf(app, '/administration/rights/export');
    const head = matrix?.[0] ?? [];
    const line = matrix?.find((row) => row.includes('sales.shift.open')) ?? [];
    expect(line[head.indexOf('早班收银')]).to.equal('✓');
    expect(line[head.indexOf('仓管')] ?? '').to.equal('');
    expect(accounts).to.deep.include(['ANNA', '员工ANNA', '早班收银', '新街口店']);
  });

  it('show accounts only to those who may see accounts', async () => {
    const { app } = await open();
    await addAccount(app, 'ANNA', []);
    const reader = await app.as({ permissions: ['administration.role.view'] });
    const { text } = await reader.get('/administration/rights').expect(200);
    expect(text).to.not.include('ANNA');
    expect(await sheetsOf(reader, '/administration/rights/export')).to.have.length(1);
    const nobody = await app.as({ permissions: ['administration.user.view'] });
    await nobody.get('/administration/rights').expect(403);
    await nobody.get('/administration/users/1/rights').expect(403);
  });

  it('of one person: what, in which stores, from which role, and what is hidden', async () => {
    const { app, storeId } = await open();
    const cashier = await roleOf(app, 'cashier');
    const costs = await ownRole(app, '看成本', ['inventory.cost.view']);
    const userId = await addAccount(app, 'ANNA', [
      { roleId: cashier, storeId: null },
      { roleId: costs, storeId },
    ]);
    const { text } = await app.get(`/administration/users/${userId}/rights`).expect(200);
    expect(rowWith(text, '收银开单')).to.match(/全部门店 收银员（全部门店）/);
    expect(rowWith(text, '查看成本与毛利')).to.match(/新街口店 看成本（新街口店）/);
    expect(rowWith(text, '查看最低价')).to.include('没有');
    expect(plain(text)).to.include('只在新街口店看得到').and.include('看不到：页面、导出、接口里都没有');
    expect(plain(text), 'nobody signs in without a password').to.include('还没有设密码');
    const english = await app.as({ locale: 'en' });
    expect((await english.get(`/administration/users/${userId}/rights`)).text).to.include('What 员工ANNA can see');
    await app.get('/administration/users/999999/rights').expect(404);
    expect((await app.get(`/administration/users/${userId}`)).text).to.include(
      `/administration/users/${userId}/rights`,
    );
  });

  it('are checked: duties in one hand, too many stores, accounts that nobody uses, administrators without a second factor', async () => {
    const { app, storeId } = await open();
    const own = await ownRole(app, '收货和红冲', ['purchasing.receipt.post', 'purchasing.receipt.reverse']);
    const gives = await ownRole(app, '给优惠', ['sales.discount.give']);
    const approves = await ownRole(app, '批优惠', ['sales.discount.approve']);
    const { id: staffId } = await createStaff(app.uow, system, testKeys, { code: 'S01', name: '周敏', storeId });
    const { id: other } = await createStore(app.uow, system, { code: 'NJ02', name: '河西店', kind: 'store' });
    await addAccount(app, 'BOTH', [
      { roleId: gives, storeId },
      { roleId: approves, storeId },
    ]);
    await addAccount(app, 'APART', [
      { roleId: gives, storeId },
      { roleId: approves, storeId: other },
    ]);
    await addAccount(app, 'ONEROLE', [{ roleId: own, storeId }]);
    const { userId: broad } = await createUser(app.uow, system, {
      login: 'BROAD',
      name: '周敏',
      locale: 'zh-CN',
      staffId,
      grants: [{ roleId: gives, storeId: null }],
    });
    const administrator = await roleOf(app, 'administrator');
    for (const login of ['ADMIN1', 'ADMIN2', 'ADMIN3'])
      await addAccount(app, login, [{ roleId: administrator, storeId: null }]);
    await app.uow.run(system, (unit) =>
      unit.execute(
        sql`UPDATE user_account SET last_sign_in_at = ${Date.now() - 100 * 86_400_000} WHERE login = ${'APART'}`,
      ),
    );
    await app.uow.run(system, (unit) =>
      unit.execute(sql`UPDATE user_account SET password_hash = ${'x'} WHERE login = ${'ADMIN1'}`),
    );
    const rows = (await sheetsOf(app, '/administration/rights/report/export'))[0] ?? [];
    const of = (who: string): string[] =>
      rows.filter(([name = '']) => name.includes(who)).map(([, , what = '']) => what);
    expect(of('BOTH')).to.eql(['几个角色合起来，既能“给优惠（不低于底价）”，又能“批准低于底价”']);
    expect(of('APART'), 'different stores').to.eql(['100 天没有登录']);
    expect(of('ONEROLE'), 'is said of the role').to.eql([]);
    expect(of('收货和红冲')).to.have.length(1);
    expect(of('BROAD')).to.eql(['是一家门店的员工，却有全部门店的权限']);
    expect(of('ADMIN1')).to.have.members(['是系统管理员，没有开启动态验证码', '有 3 个系统管理员，这是其中一个']);
    expect(of('ADMIN2'), 'without a password nobody signs in').to.eql(['有 3 个系统管理员，这是其中一个']);
    const { text } = await app.get('/administration/rights/report').expect(200);
    expect(text).to.include(`href="/administration/users/${broad}"`).and.include(`href="/administration/roles/${own}"`);
    const nobody = await app.as({ permissions: ['administration.role.view'] });
    await nobody.get('/administration/rights/report').expect(403);
    await nobody.get('/administration/rights/report/export').expect(403);
  });

  it('name only permissions that exist where duties conflict', async () => {
    const { app } = await open();
    const known = app.app.manifests.flatMap(({ permissions }) => permissions.map(({ id }) => id));
    expect(known).to.include.members(CONFLICTING_DUTIES.flatMap(({ pair }) => [...pair]));
    expect(known).to.include.members(HIDDEN_WITHOUT.map(({ permission }) => permission));
  });

  it('that somebody lacks are counted when they are refused, and nothing is written for visitors', async () => {
    const { app, storeId } = await open();
    const clerk = await app.as({ name: '安娜', permissions: ['sales.sale.view'], stores: [storeId] });
    await clerk.get('/administration/roles').expect(403);
    await clerk.get('/administration/roles/17').expect(403);
    expect((await clerk.postJson('/administration/users', {})).status).to.equal(403);
    await app.signedOut().get('/administration/roles');
    const entries = async () => {
      const row = await app.database.read.one<{ n: number }>(
        sql`SELECT COUNT(*) AS n FROM audit_log WHERE action = ${REFUSED}`,
      );
      return Number(row?.n);
    };
    expect(await entries(), 'not in the path of a request').to.equal(0);
    await app.app.refusals.flush();
    expect(await entries(), 'one for each permission').to.equal(2);
    await clerk.get('/administration/roles').expect(403);
    await app.app.refusals.flush();
    await app.app.refusals.flush();
    expect(await entries()).to.equal(3);
    const { text } = await app.get('/administration/rights/report').expect(200);
    expect(rowWith(text, 'GET /administration/roles')).to.match(/安娜 查看角色 3 .* GET \/administration\/roles /);
    expect(rowWith(text, 'POST /administration/users')).to.match(/安娜 新增、修改、停用账号，重设密码 1 /);
    const log = await app.get('/administration/audit?action=auth.permission.refuse').expect(200);
    expect(plain(log.text)).to.include('权限 查看角色 · 次数 2 · 地址 GET /administration/roles/:id');
  });

  it('that could not be written are kept for the next minute', async () => {
    const { app } = await open();
    const written: string[] = [];
    let fails = true;
    const run: typeof app.uow.run = (actor, work, options) => {
      if (fails) return Promise.reject(new Error('away'));
      written.push(actor.name);
      return app.uow.run(actor, work, options);
    };
    const refusals = createRefusals({ log: app.services.log, uow: { ...app.uow, run } });
    refusals.note({ actor: { userId: 1, name: '安娜' }, permission: 'sales.sale.view', route: 'GET /sales' });
    await refusals.flush();
    expect(written).to.eql([]);
    fails = false;
    await refusals.flush();
    expect(written).to.eql(['安娜']);
  });
});
