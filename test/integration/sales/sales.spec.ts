import { expect } from 'chai';
import { createRole, createUser } from '../../../src/platform/auth';
import { systemActor } from '../../../src/platform/permissions';
import type { Database } from '../../../src/platform/database';
import { sql } from '../../../src/platform/database';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { device, verifyLedger } from '../../../src/ledger';
import {
  closeShift,
  openShift,
  postSale,
  returnSale,
  reverseSale,
  sale,
  saleLine,
  type SaleCommand,
} from '../../../src/modules/sales';
import { saleChecks } from '../../../src/modules/sales/queries/checks';
import { saleApproval, saleTender } from '../../../src/modules/sales/store/sale.table';
import { shift } from '../../../src/modules/sales/store/register.table';
import { approvalLimits } from '../../../src/modules/sales/use-cases/approval-limits';
import { holdSale, keepDraft, takeHeldSale } from '../../../src/modules/sales/use-cases/hold-sale';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('李婷');

async function expectSound(database: Database): Promise<void> {
  const verdict = await verifyLedger(database.read, saleChecks);
  expect(verdict.checks.filter((check) => !check.ok)).to.deep.equal([]);
}

/** A handset, two chargers and an insurance: 4499.00 + 298.00 + 299.00 = 5096.00. */
const bigSale = (shop: SampleShop, index = 0): SaleCommand => ({
  registerId: shop.registerId,
  lines: [
    { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]!.id, quantity: 1, discountFen: 0 },
    { skuId: shop.chargerSkuId, quantity: 2, discountFen: 0 },
    { skuId: shop.insuranceSkuId, quantity: 1, discountFen: 0 },
  ],
  tenders: [
    { kind: 'wallet_wechat', amountFen: 400_000, reference: '8842' },
    { kind: 'cash', amountFen: 110_000 },
  ],
});

const balanceOf = async (database: Database, skuId: number) => {
  const row = await database.read.one<{ pieces: number; valueFen: number }>(
    sql`SELECT SUM(quantity) AS pieces, SUM(value_fen) AS value_fen FROM stock_balance WHERE sku_id = ${skuId}`,
  );
  return [Number(row?.pieces), Number(row?.valueFen)];
};

const cashFen = async (database: Database): Promise<number> => {
  const row = await database.read.one<{ fen: number }>(
    sql`SELECT SUM(l.debit_fen - l.credit_fen) AS fen FROM journal_line l JOIN account_role r ON r.account_id = l.account_id WHERE r.role = 'cash'`,
  );
  return Number(row?.fen ?? 0);
};

forEachDatabase((context) => {
  let database: Database;
  let uow: UnitOfWork;
  let shop: SampleShop;
  let now: number;
  beforeEach(async function () {
    this.timeout(60_000);
    now = Date.UTC(2026, 10, 22, 2, 0, 0);
    ({ database, uow } = await context.openUow({ clock: () => now }));
    shop = await sampleShop(uow);
  });
  /** After each of them the books must be sound. */
  const books = (title: string, work: () => Promise<void>): void => {
    it(title, async () => {
      await work();
      await expectSound(database);
    });
  };

  books('sells a handset with accessories and a service for mixed tenders, change out of cash', async () => {
    const posted = await postSale(uow, actor, { ...bigSale(shop), expectedFen: 509_600 });
    expect(posted).to.deep.include({ grossFen: 509_600, changeFen: 400 });
    expect(posted.saleNumber).to.match(/^XS261122-NJ01-\d{4}$/);
    const row = await database.read.get(sale, posted.saleId);
    expect(row).to.deep.include({ quantity: 4, grossFen: 509_600, costFen: 390_000 + 10_000, shiftId: shop.shiftId });
    const lines = await database.read.find(saleLine, { saleId: posted.saleId });
    expect(lines.map((line) => line.costFen)).to.deep.equal([390_000, 10_000, 0]);
    expect(
      (await database.read.find(saleTender, { saleId: posted.saleId })).map((tender) => [
        tender.kind,
        tender.amountFen,
      ]),
    ).to.have.deep.members([
      ['wallet_wechat', 400_000],
      ['cash', 109_600],
    ]);
    expect(await database.read.get(device, shop.devices[0]!.id)).to.deep.include({
      state: 'sold',
      bucket: null,
      storeId: shop.storeId,
    });
    expect(await balanceOf(database, shop.chargerSkuId)).to.deep.equal([8, 40_001]);
    expect(await cashFen(database)).to.equal(109_600);
    const [event] = await database.read.all<{ name: string }>(sql`SELECT name FROM outbox_event ORDER BY id`);
    expect(event?.name).to.equal('sales.sale.posted');
  });

  books('puts device, cost and money back with a return, line by line, and never twice', async () => {
    const { saleId } = await postSale(uow, actor, bigSale(shop));
    const [phone, chargers, insurance] = await database.read.find(saleLine, { saleId });
    const back = await returnSale(uow, actor, {
      originalSaleId: saleId,
      registerId: shop.registerId,
      lines: [
        { lineId: phone!.id, quantity: 1 },
        { lineId: chargers!.id, quantity: 1 },
      ],
      bucket: 'sellable',
      refunds: [{ kind: 'cash', amountFen: null }],
      reason: '不想要了',
    });
    expect(back).to.deep.include({ refundFen: 449_900 + 14_900 });
    expect(await database.read.get(device, shop.devices[0]!.id)).to.deep.include({
      state: 'in_stock',
      bucket: 'sellable',
      costFen: 390_000,
      makerWarrantyUntil: null,
    });
    expect(await balanceOf(database, shop.chargerSkuId)).to.deep.equal([9, 45_001]);
    expect(await cashFen(database)).to.equal(109_600 - 464_800);
    const again = await refusal(
      returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: phone!.id, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      }),
    );
    expect(again).to.deep.include({ code: 'sales:error.already_returned', status: 409 });
    await returnSale(uow, actor, {
      originalSaleId: saleId,
      registerId: shop.registerId,
      lines: [
        { lineId: chargers!.id, quantity: 1 },
        { lineId: insurance!.id, quantity: 1 },
      ],
      bucket: 'defective',
      refunds: [
        { kind: 'wallet_wechat', amountFen: 20_000 },
        { kind: 'cash', amountFen: 24_800 },
      ],
    });
    const net = await database.read.one<{ gross: number; cost: number }>(
      sql`SELECT SUM(gross_fen) AS gross, SUM(cost_fen) AS cost FROM sale`,
    );
    expect([Number(net?.gross), Number(net?.cost)]).to.deep.equal([0, 0]);
    // The handset that came back can be sold again.
    await postSale(uow, actor, {
      ...bigSale(shop),
      lines: bigSale(shop).lines.slice(0, 1),
      tenders: [{ kind: 'card', amountFen: 449_900 }],
    });
  });

  books('refuses refunds that do not add up, and returns of a return', async () => {
    const { saleId } = await postSale(uow, actor, bigSale(shop));
    const [phone] = await database.read.find(saleLine, { saleId });
    const command = {
      originalSaleId: saleId,
      registerId: shop.registerId,
      lines: [{ lineId: phone!.id, quantity: 1 }],
      bucket: 'sellable' as const,
    };
    expect(
      (await refusal(returnSale(uow, actor, { ...command, refunds: [{ kind: 'cash', amountFen: 449_901 }] }))).code,
    ).to.equal('sales:error.refund_sum');
    expect(
      (await refusal(returnSale(uow, actor, { ...command, refunds: [{ kind: 'cash', amountFen: 1 }] }))).code,
    ).to.equal('sales:error.refund_sum');
    const back = await returnSale(uow, actor, { ...command, refunds: [{ kind: 'cash', amountFen: 449_900 }] });
    expect(
      (await refusal(returnSale(uow, actor, { ...command, originalSaleId: back.saleId, refunds: [] }))).code,
    ).to.equal('sales:error.not_returnable');
  });

  books('lets one of two tills have a handset and tells the other where it went', async () => {
    const one = (registerId: number): SaleCommand => ({
      registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[1]!.id, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 449_900 }],
    });
    const outcomes = await Promise.allSettled([
      postSale(uow, systemActor('一号'), one(shop.registerId)),
      postSale(uow, systemActor('二号'), one(shop.secondRegisterId)),
    ]);
    const won = outcomes.find((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).to.have.length(1);
    const error = lost?.reason as { code: string; status: number; details: Record<string, unknown> };
    expect(error).to.deep.include({ code: 'sales:error.device.sold_by', status: 409 });
    expect(error.details).to.deep.include({ number: shop.devices[1]!.imei, sale: won?.value.saleNumber });
  });

  books('posts a repeated request once', async () => {
    const key = 'till-same-operation-1';
    const [first, second] = await Promise.all([
      postSale(uow, actor, bigSale(shop, 2), { operationKey: key }),
      postSale(uow, actor, bigSale(shop, 2), { operationKey: key }),
    ]);
    expect(second).to.deep.equal(first);
    expect(await postSale(uow, actor, bigSale(shop, 2), { operationKey: key })).to.deep.equal(first);
    expect(await database.read.find(sale, {})).to.have.length(1);
  });

  books('sells below the floor only with somebody’s approval, which is kept', async () => {
    const stores = [shop.storeId];
    const cashier = actorWith({ 'sales.sale.create': stores, 'sales.discount.give': stores }, '收银员');
    const manager = { ...actorWith({ 'sales.discount.approve': stores }, '店长'), userId: 78 };
    const cheap: SaleCommand = {
      registerId: shop.registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]!.id, quantity: 1, discountFen: 20_001 }],
      tenders: [{ kind: 'cash', amountFen: 429_899 }],
    };
    expect((await refusal(postSale(uow, cashier, cheap))).code).to.equal('sales:error.approval_needed');
    expect((await refusal(postSale(uow, cashier, cheap, { approver: actorWith({}, '同事') }))).status).to.equal(403);
    const { saleId } = await postSale(uow, cashier, cheap, { approver: manager });
    const [approval] = await database.read.find(saleApproval, { saleId });
    expect(approval).to.deep.include({
      floorFen: 429_900,
      priceFen: 429_899,
      requestedByName: '收银员',
      approvedByName: '店长',
      approvedById: 78,
    });
    const atFloor = {
      ...cheap,
      lines: [{ ...cheap.lines[0]!, deviceId: shop.devices[1]!.id, discountFen: 20_000 }],
      tenders: [{ kind: 'cash' as const, amountFen: 429_900 }],
    };
    await postSale(uow, cashier, atFloor);
    const nobody = actorWith({ 'sales.sale.create': stores });
    expect(
      (
        await refusal(
          postSale(uow, nobody, { ...atFloor, lines: [{ ...atFloor.lines[0]!, deviceId: shop.devices[2]!.id }] }),
        )
      ).code,
    ).to.equal('sales:error.no_discount_right');
  });

  books('sells below the floor by no more than the limit of who approves, whoever has the larger one', async () => {
    const stores = [shop.storeId];
    const right = ['sales.discount.approve'];
    const roleOf = async (name: string) =>
      (await createRole(uow, systemActor('test'), { name, permissions: right }, new Set(right))).roleId;
    const [small, large] = [await roleOf('副店长'), await roleOf('区域经理')];
    const account = async (login: string, roleIds: number[]) => {
      const grants = roleIds.map((roleId) => ({ roleId, storeId: shop.storeId }));
      const user = { login, name: login, locale: 'zh-CN' as const, grants };
      const { userId } = await createUser(uow, systemActor('test'), user);
      return { ...actorWith({ 'sales.discount.approve': stores }, login), userId };
    };
    const [deputy, both, unlimited] = [
      await account('DEPUTY', [small]),
      await account('BOTH', [small, large]),
      await account('LARGE', [large]),
    ];
    const limit = async (id: number, name: string, amountFen: number | null) =>
      uow.run(actor, (unit) => approvalLimits.save(unit, [{ id, name, active: true, values: { amountFen } }]));
    await limit(small, '副店长', 100);
    const cashier = actorWith({ 'sales.sale.create': stores, 'sales.discount.give': stores }, '收银员');
    const below = (fenBelow: number, device: number): SaleCommand => ({
      registerId: shop.registerId,
      lines: [
        { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[device]!.id, quantity: 1, discountFen: 20_000 + fenBelow },
      ],
      tenders: [{ kind: 'cash', amountFen: 429_900 - fenBelow }],
    });
    await postSale(uow, cashier, below(100, 0), { approver: deputy });
    const refused = await refusal(postSale(uow, cashier, below(101, 1), { approver: deputy }));
    expect([refused.code, refused.details]).to.eql([
      'sales:error.approval_limit',
      { name: 'DEPUTY', limit: '1.00', below: '1.01' },
    ]);
    await postSale(uow, cashier, below(101, 1), { approver: both });
    await limit(large, '区域经理', 5000);
    await refusal(postSale(uow, cashier, below(5001, 2), { approver: unlimited }));
    await postSale(uow, cashier, below(5000, 2), { approver: unlimited });
    // A seller with the right is held to the same limit and may ask somebody else.
    const sells = actorWith({
      'sales.sale.create': stores,
      'sales.discount.give': stores,
      'sales.discount.approve': stores,
    });
    const seller = { ...sells, userId: deputy.userId };
    expect((await refusal(postSale(uow, seller, below(101, 3)))).code).to.equal('sales:error.approval_needed');
    const { saleId } = await postSale(uow, seller, below(101, 3), { approver: both });
    const [approval] = await database.read.find(saleApproval, { saleId });
    expect(approval?.approvedById).to.equal(both.userId);
    expect((await approvalLimits.read(database.read)).map(({ name, values }) => [name, values['amountFen']])).to.eql([
      ['副店长', 100],
      ['区域经理', 5000],
    ]);
  });

  books('refuses what cannot be sold, with a problem at its line', async () => {
    const sell = (line: Partial<SaleCommand['lines'][number]>, more: Partial<SaleCommand> = {}) =>
      refusal(
        postSale(uow, actor, {
          registerId: shop.registerId,
          lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0, ...line }],
          tenders: [{ kind: 'cash', amountFen: 449_900 }],
          ...more,
        }),
      );
    const [white] = shop.phoneSkuIds;
    expect((await sell({ quantity: 11 })).details).to.deep.include({ available: 10 });
    expect((await sell({ quantity: 0 })).code).to.equal('sales:error.quantity');
    expect((await sell({ skuId: white })).code).to.equal('sales:error.scan_device');
    expect((await sell({ skuId: white, deviceId: shop.otherDevice.id })).code).to.equal(
      'sales:error.device.other_store',
    );
    expect((await sell({ skuId: white, deviceId: 999_999 })).code).to.equal('sales:error.device.unknown');
    expect((await sell({ skuId: shop.phoneSkuIds[1], deviceId: shop.devices[0]!.id })).code).to.equal(
      'sales:error.device.unknown',
    );
    expect((await sell({}, { tenders: [] })).code).to.equal('sales:error.tender_short');
    expect((await sell({}, { expectedFen: 1 })).code).to.equal('sales:error.price_changed');
    expect((await sell({}, { customerId: 4711 })).code).to.equal('sales:error.customer_unknown');
    expect((await sell({}, { tenders: [{ kind: 'on_account', amountFen: 14_900 }] })).code).to.equal(
      'sales:error.account_needs_customer',
    );
    expect((await sell({}, { lines: [] })).code).to.equal('sales:error.no_lines');
    expect(
      (await refusal(postSale(uow, actorWith({ 'sales.sale.create': [shop.otherStoreId] }), bigSale(shop)))).status,
    ).to.equal(403);
  });

  books('reverses a sale on its day, and not when something depends on it', async () => {
    const { saleId } = await postSale(uow, actor, bigSale(shop));
    await reverseSale(uow, actor, { saleId, reason: '录错了' });
    expect(await database.read.get(sale, saleId)).to.deep.include({ state: 'reversed', reversedByName: '李婷' });
    expect(await database.read.get(device, shop.devices[0]!.id)).to.deep.include({
      state: 'in_stock',
      costFen: 390_000,
    });
    expect(await balanceOf(database, shop.chargerSkuId)).to.deep.equal([10, 50_001]);
    expect(await cashFen(database)).to.equal(0);
    expect((await refusal(reverseSale(uow, actor, { saleId, reason: '再来' }))).code).to.equal(
      'sales:error.already_reversed',
    );

    const next = await postSale(uow, actor, bigSale(shop));
    const [phone] = await database.read.find(saleLine, { saleId: next.saleId });
    const back = await returnSale(uow, actor, {
      originalSaleId: next.saleId,
      registerId: shop.registerId,
      lines: [{ lineId: phone!.id, quantity: 1 }],
      bucket: 'sellable',
      refunds: [{ kind: 'cash', amountFen: null }],
    });
    expect((await refusal(reverseSale(uow, actor, { saleId: next.saleId, reason: '错' }))).code).to.equal(
      'sales:error.reverse_returned',
    );
    await reverseSale(uow, actor, { saleId: back.saleId, reason: '退错了' });
    expect((await database.read.get(saleLine, phone!.id))?.returnedQuantity).to.equal(0);
    now += 24 * 3_600_000;
    expect((await refusal(reverseSale(uow, actor, { saleId: next.saleId, reason: '错' }))).code).to.equal(
      'sales:error.reverse_other_day',
    );
  });

  books('closes a shift with its count and books what is short', async () => {
    await postSale(uow, actor, bigSale(shop));
    const open = await database.read.get(shift, shop.shiftId);
    const closing = { shiftId: shop.shiftId, version: open!.version, counted: { wallet_wechat: 400_000 } };
    // 500.00 float + 1096.00 cash = 1596.00; counted 1590.50
    const { cashDifferenceFen } = await closeShift(uow, actor, {
      ...closing,
      pieces: { '10000': 15, '5000': 1, '2000': 2, '50': 1 },
    });
    expect(cashDifferenceFen).to.equal(-550);
    expect(await database.read.get(shift, shop.shiftId)).to.deep.include({
      state: 'closed',
      openRegisterId: null,
      differenceFen: -550,
      expected: { cash: 159_600, wallet_wechat: 400_000 },
      counted: { cash: 159_050, wallet_wechat: 400_000 },
    });
    expect(await cashFen(database)).to.equal(109_600 - 550);
    expect((await refusal(postSale(uow, actor, bigSale(shop, 1)))).code).to.equal('sales:error.no_shift');
    expect((await refusal(closeShift(uow, actor, { ...closing, pieces: {} }))).code).to.equal(
      'sales:error.shift_closed',
    );
    await openShift(uow, actor, { registerId: shop.registerId, openingFloatFen: 0 });
    expect((await refusal(openShift(uow, actor, { registerId: shop.registerId, openingFloatFen: 0 }))).code).to.equal(
      'sales:error.shift_open',
    );
  });

  books('holds a sale for one till of the store to take back, and forgets an empty draft', async () => {
    const { heldId } = await holdSale(uow, actor, {
      registerId: shop.registerId,
      draft: { key: 'k' },
      label: '陈先生',
      quantity: 4,
      amountFen: 659_800,
    });
    const both = await Promise.allSettled(
      [shop.registerId, shop.secondRegisterId].map((registerId) => takeHeldSale(uow, actor, { registerId, heldId })),
    );
    const got = both.filter((outcome) => outcome.status === 'fulfilled');
    expect(got).to.have.length(1);
    expect(got[0]?.value.draft).to.deep.equal({ key: 'k' });
    const current = { registerId: shop.registerId, label: null, amountFen: 0 };
    expect(await keepDraft(uow, actor, { ...current, draft: { a: 1 }, quantity: 1 })).to.deep.equal({ kept: true });
    expect(await keepDraft(uow, actor, { ...current, draft: { a: 2 }, quantity: 0 })).to.deep.equal({ kept: false });
    expect(await database.read.all(sql`SELECT id FROM held_sale`)).to.have.length(0);
  });
});
