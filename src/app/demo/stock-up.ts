import { addDays, type BusinessDate } from '../../kernel';
import { receiveGoods, type ReceivedLine } from '../../modules/purchasing';
import { chunked } from '../../platform/database';
import type { UnitOfWork } from '../../platform/unit-of-work';
import type { DemoGoods, DemoPhone, DemoStore } from './company';
import type { Market } from './shelf';

const LINES_OF_ONE = 80;

export interface Refill {
  businessDate: BusinessDate;
  store: DemoStore;
  /** Handsets that a store usually has. */
  usualDevices: number;
  /** Pieces of goods that are nearly gone. */
  goodsEach: number;
  /** Of the first goods: the last day of the simulation, about which the oldest of what spoils expires. */
  oldUntil: BusinessDate | null;
}

/** Fills a store up to its usual number of handsets: a receipt per supplier, goods with it. */
export async function stockUp(market: Market, uow: UnitOfWork, refill: Refill): Promise<void> {
  const { company, random, shelfOf, newNumbers } = market;
  const { businessDate, store, usualDevices, goodsEach } = refill;
  const shelf = shelfOf(store);
  const held = [...shelf.devices.values()].reduce((sum, ids) => sum + ids.length, 0);
  const wanted = Math.max(0, usualDevices - held);
  for (const supplier of company.suppliers) {
    const phones = company.phones.filter(({ model }) => supplier.brands.includes(model.brand));
    const share = weightOf(phones) / weightOf(company.phones);
    const bought = new Map<DemoPhone, string[]>();
    for (let n = 0; phones.length > 0 && n < Math.round(wanted * share); n++) {
      const phone = random.weighted(phones.map((one) => [one, one.model.weight] as const));
      bought.set(phone, [...(bought.get(phone) ?? []), newNumbers(phone.model.tac)]);
    }
    const goods = company.goods.filter(
      ({ brand, skuId }) => supplier.brands.includes(brand) && (shelf.goods.get(skuId) ?? 0) < 4,
    );
    const lines: ReceivedLine[] = [
      ...[...bought].map(([{ skuId, costFen }, devices]) => ({
        skuId,
        quantity: devices.length,
        unitPriceFen: costFen - random.int(0, 3) * 1000,
        devices,
      })),
      ...goods.map((one) => ({
        skuId: one.skuId,
        quantity: goodsEach,
        unitPriceFen: one.costFen,
        ...batchOf(one, refill),
      })),
    ];
    for (const part of chunked(lines, LINES_OF_ONE)) {
      await receiveGoods(uow, company.buyer, {
        supplierId: supplier.id,
        storeId: store.id,
        locationId: store.locationId,
        businessDate,
        deliveryNote: `HS-${random.int(1000, 9999)}`,
        withInvoice: random.chance(50),
        note: null,
        lines: part,
      });
    }
  }
}

const weightOf = (phones: readonly DemoPhone[]): number =>
  phones.reduce((sum, { model }) => sum + model.weight / model.variants.length, 0);

/** Goods that spoil come in the batch of the day; of the first ones some are old already. */
function batchOf(
  { keeps }: DemoGoods,
  { businessDate, oldUntil }: Refill,
): { batchCode: string; expiresOn: string } | undefined {
  if (keeps === null) return undefined;
  const old = oldUntil !== null && keeps.firstAfterEnd !== null ? addDays(oldUntil, keeps.firstAfterEnd) : null;
  return {
    batchCode: `B${businessDate.slice(2).replaceAll('-', '')}`,
    expiresOn: old !== null && old > businessDate ? old : addDays(businessDate, keeps.days),
  };
}
