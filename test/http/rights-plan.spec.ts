import { expect } from 'chai';
import { createRole, createUser, ensureReadyRoles, grantsOf, permissionsOfRole, role } from '../../src/platform/auth';
import { sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import { openSpreadsheet, writeXlsx } from '../../src/platform/spreadsheet';
import { auditLog } from '../../src/platform/unit-of-work';
import { createStore } from '../../src/modules/organization';
import { testApps, type TestApp, type TestClient } from '../support/http';

const system = systemActor('test');
const PLAN = '/administration/rights/plan';

type Sheets = string[][][];

const unescape = (text: string): string =>
  text
    .replace(/&#34;|&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
const hidden = (html: string, name: string): string =>
  unescape(new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '');
const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const tableOf = (html: string, id: string): string =>
  plain(new RegExp(`<table[^>]*id="${id}".*?</table>`, 's').exec(html)?.[0] ?? '');

async function exported(client: TestClient): Promise<Sheets> {
  const { body } = (await client
    .get('/administration/rights/export')
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200)) as { body: Buffer };
  const book = await openSpreadsheet(body);
  const sheets: Sheets = [];
  for (const index of book.sheets.keys()) {
    const rows: string[][] = [];
    for await (const { cells } of book.rows(index)) rows.push(cells.map((cell) => cell.text));
    sheets.push(rows);
  }
  return sheets;
}

async function workbook(sheets: Sheets): Promise<Buffer> {
  const stream = writeXlsx(
    sheets.map(([head = [], ...rows], index) => ({
      name: `表${index + 1}`,
      columns: head.map((header) => ({ header, type: 'text' as const })),
      rows: rows.map((row) => head.map((_, at) => row[at] ?? '')),
    })),
  );
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

describe('a planned table of rights', function () {
  this.timeout(60_000);
  const start = testApps();

  async function open() {
    const app = await start();
    await ensureReadyRoles(app.uow, app.app.manifests);
    const { id: storeId } = await createStore(app.uow, system, { code: 'NJ01', name: '新街口店', kind: 'store' });
    const own = await roleWith(app, '早班收银', ['sales.shift.open']);
    const anna = await account(app, 'ANNA', [{ roleId: own, storeId }]);
    const administrator = (await app.database.read.find(role, { code: 'administrator' }))[0]?.id ?? 0;
    const admin = await account(app, 'ADMIN', [{ roleId: administrator, storeId: null }]);
    return { app, storeId, own, anna, admin, administrator };
  }
  const roleWith = async (app: TestApp, name: string, permissions: string[]) =>
    (await createRole(app.uow, system, { name, permissions }, new Set(permissions))).roleId;
  const account = async (app: TestApp, login: string, grants: { roleId: number; storeId: number | null }[]) =>
    (await createUser(app.uow, system, { login, name: `员工${login}`, locale: 'zh-CN', grants })).userId;
  const compare = async (client: TestClient, sheets: Sheets) =>
    client.upload(PLAN, [{ field: 'file', name: 'rights.xlsx', content: await workbook(sheets) }]);
  const set = (sheet: string[][] | undefined, row: string, column: string, text: string): void => {
    const line = sheet?.find((cells) => cells.includes(row));
    const at = sheet?.[0]?.indexOf(column) ?? -1;
    if (!line || at < 0) throw new Error(`no ${row} in ${column}`);
    while (line.length <= at) line.push('');
    line[at] = text;
  };
  const apply = (client: TestClient, html: string, reason = '分清职责') =>
    client.post(`${PLAN}/application`, {
      plan: hidden(html, 'plan'),
      operationKey: hidden(html, 'operationKey'),
      reason,
    });

  it('that was exported and not edited changes nothing, in either language', async () => {
    const { app } = await open();
    const sheets = await exported(app);
    expect((await compare(app, sheets)).text).to.include('没有差别');
    const english = await app.as({ locale: 'en' });
    const inEnglish = await exported(english);
    expect(inEnglish[0]?.[0]).to.include('Cashier');
    expect((await compare(app, inEnglish)).text).to.include('没有差别');
    expect((await compare(english, sheets)).text).to.include('No difference');
  });

  it('tells who gains and loses what, changes nothing until it is applied, and then all of it', async () => {
    const { app, own, anna, storeId, administrator } = await open();
    const [matrix = [], people = []] = await exported(app);
    set(matrix, 'sales.shift.open', '早班收银', '');
    set(matrix, 'inventory.cost.view', '早班收银', '√');
    const rows = people.filter((row) => row[0] !== 'ANNA');
    const edited = [...rows, ['ANNA', '', '店长', '新街口店'], ['anna', '', 'administrator', '全部门店']];
    const shown = await compare(app, [matrix, edited]);
    expect(shown.status).to.equal(200);
    expect(tableOf(shown.text, 'planned-role')).to.match(/早班收银 1 人在用 \+ 查看成本与毛利 − .*开班/);
    expect(tableOf(shown.text, 'planned-account')).to.match(
      /员工ANNA ANNA \+ 店长（新街口店）、系统管理员（全部门店） − 早班收银（新街口店）/,
    );
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['sales.shift.open']);
    const silent = await apply(app, shown.text, ' ');
    expect(silent.status).to.equal(422);
    expect(tableOf(silent.text, 'planned-role'), 'the plan is still there').to.include('查看成本与毛利');
    const done = await apply(app, silent.text);
    expect([done.status, done.headers['location']]).to.eql([303, '/administration/rights']);
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['inventory.cost.view']);
    const manager = (await app.database.read.find(role, { code: 'manager' }))[0]?.id ?? 0;
    expect(await grantsOf(app.database.read, anna)).to.have.deep.members([
      { roleId: manager, storeId },
      { roleId: administrator, storeId: null },
    ]);
    const again = await apply(app, silent.text);
    expect(again.status, 'sent twice, done once').to.equal(303);
    const entries = await app.database.read.find(auditLog, { action: 'administration.rights.import' });
    expect(entries).to.have.length(1);
    expect(entries[0]?.detail).to.deep.include({ reason: '分清职责', roles: 1, accounts: 1 });
    expect((await compare(app, [matrix, edited])).text).to.include('没有差别');
  });

  it('keeps and plans the time of roles that begin and end', async () => {
    const { app, anna, own, storeId } = await open();
    const endsAt = Date.now() + 40 * 86_400_000;
    await app.uow.run(system, (unit) =>
      unit.execute(sql`UPDATE user_role SET ends_at = ${endsAt} WHERE user_id = ${anna}`),
    );
    const sheets = await exported(app);
    expect((await compare(app, sheets)).text, 'as it is').to.include('没有差别');
    const head = ['登录名', '角色', '门店'];
    const withoutTimes = await compare(app, [[head, ['ANNA', '早班收银', '新街口店']]]);
    expect(withoutTimes.text, 'columns that are not there say nothing').to.include('没有差别');
    const planned = (from: string, until: string) =>
      compare(app, [
        [
          [...head, '从何时起', '到何时止'],
          ['ANNA', '早班收银', '新街口店', from, until],
        ],
      ]);
    expect(tableOf((await planned('', '2020-01-01')).text, 'problems')).to.include('晚于现在');
    expect(tableOf((await planned('下周', '')).text, 'problems')).to.include('时间看不懂');
    const shown = await planned('2099-12-01 9:00', '2099-12-24');
    expect(tableOf(shown.text, 'planned-account')).to.match(/\+ 早班收银（新街口店） 2099.* − 早班收银（新街口店）/);
    await apply(app, shown.text);
    expect(await grantsOf(app.database.read, anna)).to.eql([
      {
        roleId: own,
        storeId,
        startsAt: Date.parse('2099-12-01T09:00+08:00'),
        endsAt: Date.parse('2099-12-25T00:00+08:00'),
      },
    ]);
    expect((await compare(app, await exported(app))).text, 'one that has not begun').to.include('没有差别');
  });

  it('leaves alone what it does not name, and says so', async () => {
    const { app, own } = await open();
    const rows = [
      ['规划 2026', '', ''],
      ['权限代码', '早班收银'],
      ['sales.sale.view', '是'],
    ];
    const shown = await compare(app, [rows]);
    expect(plain(shown.text)).to.match(/保持不变.* \d+ 个权限 1\d 个角色/);
    await apply(app, shown.text);
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['sales.sale.view', 'sales.shift.open']);
  });

  it('is refused with line and reason where it names what is not there, and then as a whole', async () => {
    const { app, own } = await open();
    const matrix = [
      ['权限代码', '早班收银', '夜班', '收银员'],
      ['sales.sale.view', '✓', '', ''],
      ['sales.sale.fly', '✓', '', ''],
      ['sales.shift.open', '也许', '', ''],
      ['sales.sale.view', '', '', ''],
    ];
    const people = [
      ['登录名', '角色', '门店'],
      ['NOBODY', '店长', '新街口店'],
      ['ANNA', '店长', ''],
      ['ANNA', '店长', '火星店'],
      ['ANNA', '夜班', '新街口店'],
      ['ANNA', '', '新街口店'],
      ['', '店长', '新街口店'],
      ['ANNA', '店员', 'NJ01'],
      ['ANNA', '店员', '新街口店'],
    ];
    const shown = await compare(app, [matrix, people]);
    expect(shown.status).to.equal(422);
    const problems = tableOf(shown.text, 'problems');
    for (const said of [
      '1 表1 夜班 没有这个角色',
      '2 表1 sales.sale.view “收银员”是系统自带的角色',
      '3 表1 sales.sale.fly 没有这个权限',
      '4 表1 sales.shift.open “早班收银”一列的“也许”看不懂',
      '5 表1 sales.sale.view 同一个权限出现了两行',
      '2 表2 NOBODY 没有这个账号',
      '3 表2 ANNA 这一行没有门店',
      '4 表2 火星店 没有这家门店',
      '5 表2 夜班 没有这个角色',
      '6 表2 ANNA 这一行没有角色',
      '7 表2 店长 这一行没有登录名',
      '9 表2 ANNA 同一个角色和门店写了两行',
    ])
      expect(problems).to.include(said);
    expect(hidden(shown.text, 'plan'), 'no way to apply it').to.equal('');
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['sales.shift.open']);
    const none = await compare(app, [
      [
        ['甲', '乙'],
        ['1', '2'],
      ],
    ]);
    expect([none.status, plain(none.text).includes('没有找到权限表')]).to.eql([422, true]);
    const text = await app.upload(PLAN, [{ field: 'file', name: 'a.xlsx', content: 'no workbook' }]);
    expect(text.status).to.equal(422);
    expect((await app.upload(PLAN, [])).status).to.equal(422);
  });

  it('cannot take the last administrator away, but may hand over to another', async () => {
    const { app, anna, admin, administrator } = await open();
    const people = [
      ['登录名', '角色', '门店'],
      ['ADMIN', '店长', '全部门店'],
    ];
    const shown = await compare(app, [people]);
    expect([shown.status, tableOf(shown.text, 'problems')]).to.satisfy(
      ([status, said]: [number, string]) => status === 422 && said.includes('没有系统管理员'),
    );
    const handover = await compare(app, [[...people, ['ANNA', '系统管理员', '全部门店']]]);
    expect(handover.status).to.equal(200);
    await apply(app, handover.text);
    expect(await grantsOf(app.database.read, anna)).to.eql([{ roleId: administrator, storeId: null }]);
    const forged = JSON.parse(
      hidden(
        (await compare(app, [[...people, ['ANNA', '系统管理员', '全部门店'], ['ADMIN', '会计', '全部门店']]])).text,
        'plan',
      ),
    ) as {
      accounts: object[];
    };
    forged.accounts = [{ userId: anna, gains: [], loses: [], grants: [] }];
    const refused = await app.post(`${PLAN}/application`, { plan: JSON.stringify(forged), reason: 'x' });
    expect([refused.status, refused.text.includes('至少要留一个')]).to.eql([422, true]);
    expect(await grantsOf(app.database.read, admin)).to.have.length(1);
  });

  it('gives nobody what the planner does not have', async () => {
    const { app, own, storeId, anna } = await open();
    const permissions = ['administration.role.view', 'administration.role.manage', 'sales.shift.open'];
    const planner = await app.as({
      permissions: [...permissions, 'administration.user.view', 'administration.user.manage'],
    });
    const matrix = [
      ['权限代码', '早班收银'],
      ['inventory.cost.view', '✓'],
    ];
    const refused = await compare(planner, [matrix]);
    expect(tableOf(refused.text, 'problems')).to.include('你自己没有“查看成本与毛利”，不能给“早班收银”');
    const grant = await compare(planner, [
      [
        ['登录名', '角色', '门店'],
        ['ANNA', '店长', '新街口店'],
      ],
    ]);
    expect(tableOf(grant.text, 'problems')).to.include('你自己没有').and.include('店长');
    const seen = (JSON.parse(hidden((await compare(app, [matrix])).text, 'plan')) as { seen: string }).seen;
    const forge = (change: object) =>
      planner.post(`${PLAN}/application`, {
        plan: JSON.stringify({ seen, roles: [], accounts: [], ...change }),
        reason: 'x',
      });
    const byRole = await forge({
      roles: [{ roleId: own, gains: [], loses: [], permissions: ['inventory.cost.view'] }],
    });
    expect([byRole.status, byRole.text.includes('不能给出你自己没有的权限')]).to.eql([422, true]);
    const manager = (await app.database.read.find(role, { code: 'manager' }))[0]?.id ?? 0;
    const byAccount = await forge({
      accounts: [{ userId: anna, gains: [], loses: [], grants: [{ roleId: manager, storeId }] }],
    });
    expect(byAccount.status).to.equal(422);
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['sales.shift.open']);
    expect(await grantsOf(app.database.read, anna)).to.eql([{ roleId: own, storeId }]);
  });

  it('may be compared by who may look, and applied only by who may manage; not over what changed since', async () => {
    const { app, own } = await open();
    const matrix = [
      ['权限代码', '早班收银'],
      ['sales.sale.view', '✓'],
    ];
    const reader = await app.as({ permissions: ['administration.role.view'] });
    const shown = await compare(reader, [
      matrix,
      [
        ['登录名', '角色', '门店'],
        ['ANNA', '店长', '新街口店'],
      ],
    ]);
    expect(plain(shown.text))
      .to.include('可以比较，不能生效')
      .and.include('没有查看账号的权限')
      .and.not.include('ANNA');
    expect(hidden(shown.text, 'plan')).to.equal('');
    const plan = hidden((await compare(app, [matrix])).text, 'plan');
    expect((await reader.post(`${PLAN}/application`, { plan, reason: 'x' })).status).to.equal(403);
    await roleWith(app, '另一个', ['sales.sale.view']);
    const stale = await app.post(`${PLAN}/application`, { plan, reason: 'x' });
    expect(stale.status).to.equal(409);
    expect(await permissionsOfRole(app.database.read, own)).to.eql(['sales.shift.open']);
    expect((await app.post(`${PLAN}/application`, { plan: '{"no":1}', reason: 'x' })).status).to.equal(422);
    const nobody = await app.as({ permissions: ['administration.user.view'] });
    await nobody.get(PLAN).expect(403);
  });
});
