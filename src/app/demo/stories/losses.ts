import type { BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { modules } from '../../modules';
import { systemActor } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoGoods, DemoStore } from '../company';
import type { Story } from '../shelf';
import { changeStock } from './changes';
import { devicesIn } from './devices';

/** From this amount the owner approves what is written off: 500.00. */
const OWNER_FROM_FEN = 50_000;

/** What the stores wrote off, used themselves and found, a week after the other. */
const WEEKS: readonly { reason: string; note: string; goods: string; pieces: number }[] = [
  { reason: '损毁报废', note: '贴膜时破裂', goods: '保护', pieces: 2 },
  { reason: '营销赠送', note: '周末进店礼', goods: '保护', pieces: 3 },
  { reason: '内部领用', note: '收银台充电用', goods: '充电', pieces: 1 },
  { reason: '账外找回', note: '整理货架时找到', goods: '存储', pieces: 1 },
  { reason: '损毁报废', note: '运输压坏', goods: '耳机', pieces: 1 },
];

/** Small losses every week, what expired, and one write-off that waits for the owner. */
export const losses =
  (): Story =>
  async ({ market: { company, shelfOf }, uow, date, day, daysLeft }) => {
    const { read } = uow.database;
    const { stores } = company;
    if (day === 0) return ownerApproves(uow);
    const week = Math.floor(daysLeft / 7);
    const store = stores[week % stores.length];
    const said = WEEKS[week % WEEKS.length];
    if (!store || !said) return;
    const onShelf = (category: string, pieces: number): DemoGoods[] =>
      company.goods.filter(
        (one) =>
          one.category === category && one.keeps === null && (shelfOf(store).goods.get(one.skuId) ?? 0) > pieces + 2,
      );
    if (daysLeft % 7 === 3) {
      const { goods: category, pieces, ...about } = said;
      const fitting = onShelf(category, pieces);
      const item = fitting[day % Math.max(1, fitting.length)];
      if (item) await changeStock(uow, { ...about, store, goods: { item, pieces } });
    }
    if (daysLeft === 2) {
      const [expired] = await expiredIn(read, store, date);
      const item = company.goods.find(({ skuId }) => skuId === expired?.skuId);
      if (expired && item) await changeStock(uow, { store, reason: '过期报废', goods: { item, ...expired } });
    }
    if (daysLeft !== 1) return;
    const devices = await devicesIn(read, store, 'demo', 1);
    if (devices.length > 0) await changeStock(uow, { store, reason: '损毁报废', note: '样机摔坏，主板进水', devices });
    const [item] = onShelf('耳机', 1);
    if (item) {
      const goods = { item, pieces: 1 };
      await changeStock(uow, { store, reason: '丢失被盗', note: '试听时遗失，等调监控', goods, upTo: 'draft' });
    }
  };

const expiredIn = async (read: Reader, { locationId }: DemoStore, date: BusinessDate) =>
  (
    await read.all<{ skuId: number; batch: string; pieces: number }>(
      sql`SELECT b.sku_id, t.code AS batch, b.quantity AS pieces FROM stock_balance b JOIN batch t ON t.id = b.batch_key
        WHERE b.location_id = ${locationId} AND b.bucket = 'sellable' AND b.quantity > 0 AND t.expires_on < ${date}
        ORDER BY b.sku_id, t.code`,
    )
  ).map((row) => ({ ...row, pieces: Number(row.pieces) }));

async function ownerApproves(uow: UnitOfWork): Promise<void> {
  const inventory = modules.find(({ name }) => name === 'inventory');
  const levels = inventory?.configuration?.find(({ id }) => id === 'approvalLevels');
  const values = { fromFen: OWNER_FROM_FEN, role: 'owner', own: false };
  await uow.run(systemActor('demo'), async (unit) => levels?.save(unit, [{ name: '老板审批', active: true, values }]));
}
