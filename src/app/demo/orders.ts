import { addDays, type BusinessDate } from '../../kernel';
import {
  pasteIntoReceipt,
  placeOrder,
  postReceipt,
  readPaste,
  receipt,
  receiptLine,
  receiveOrder,
  requestGoods,
} from '../../modules/purchasing';
import { systemActor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { modules } from '../modules';
import type { DemoCompany, DemoPhone, DemoStore } from './company';
import type { Story } from './shelf';

const ORDERED = { phones: 2, goods: 10 };
/** From this amount the owner approves: 150,000.00. */
const OWNER_FROM_FEN = 15_000_000;

/** A few purchase orders of the last days, one in each state that people ask about: placed, received in part, waiting. */
export function demoOrders(company: DemoCompany, newNumbers: (tac: string) => string): Story {
  const [supplier] = company.suppliers;
  const brands = supplier?.brands ?? [];
  const phones = company.phones.filter(({ model }) => brands.includes(model.brand)).slice(0, 2);
  const goods = company.goods.filter(({ brand }) => brands.includes(brand)).slice(0, 1);
  const supplierId = supplier?.id ?? 0;
  const stores = company.stores.slice(0, 2);
  /** Placed four days before the end: a shorter history has none. */
  let running = 0;

  const place = (
    uow: UnitOfWork,
    date: BusinessDate,
    { expectedIn, times = 1, submit = true }: { expectedIn: number; times?: number; submit?: boolean },
  ) =>
    placeOrder(uow, company.buyer, {
      supplierId,
      storeId: stores[0]?.id ?? 0,
      orderedOn: date,
      expectedOn: addDays(date, expectedIn),
      note: null,
      submit,
      lines: stores.flatMap(({ id: storeId }) => [
        ...phones.map(({ skuId, costFen }) => ({
          skuId,
          storeId,
          quantity: ORDERED.phones * times,
          unitPriceFen: costFen,
        })),
        ...goods.map(({ skuId, costFen }) => ({ skuId, storeId, quantity: ORDERED.goods, unitPriceFen: costFen })),
      ]),
    });

  /** Everything came, or all but the phones of the second kind. */
  async function receive(uow: UnitOfWork, date: BusinessDate, store: DemoStore, came: readonly DemoPhone[]) {
    const { database } = uow;
    const { id } = await receiveOrder(uow, company.buyer, {
      orderId: running,
      supplierId,
      storeId: store.id,
      locationId: store.locationId,
      businessDate: date,
      deliveryNote: null,
      withInvoice: false,
      note: null,
    });
    const lines = await database.read.find(receiptLine, { receiptId: id });
    for (const phone of came) {
      const codes = Array.from({ length: ORDERED.phones }, () => newNumbers(phone.model.tac)).join('\n');
      const lineId = lines.find(({ skuId }) => skuId === phone.skuId)?.id ?? null;
      const scans = readPaste(codes, { lineId, imeisPerDevice: 2, overrides: new Set() });
      await pasteIntoReceipt(uow, company.buyer, { receiptId: id, scans, keep: 'all' });
    }
    const version = (await database.read.get(receipt, id))?.version ?? 0;
    await postReceipt(uow, company.buyer, { receiptId: id, version, asReceived: true });
  }

  return async ({ uow, date, daysLeft }) => {
    const [first, second] = stores;
    if (phones.length === 0 || !first || !second) return;
    if (daysLeft === 4) {
      await ownerApproves(uow);
      running = (await place(uow, date, { expectedIn: 2 })).id;
    }
    if (daysLeft === 2 && running !== 0) {
      await receive(uow, date, first, phones);
      // What did not come to the second store is overdue by the last day.
      await receive(uow, date, second, phones.slice(0, 1));
    }
    if (daysLeft !== 1) return;
    await place(uow, date, { expectedIn: 5 });
    await place(uow, date, { expectedIn: 7, times: 20 });
    await place(uow, date, { expectedIn: 9, submit: false });
    const wish = { skuId: phones[0]?.skuId ?? 0, reason: null };
    await requestGoods(uow, company.buyer, {
      lines: [first, second].map((store, index) => ({ ...wish, storeId: store.id, quantity: 2 + index })),
      wantedOn: null,
      reason: '周末活动备货',
      upTo: 'approved',
    });
    await requestGoods(uow, company.buyer, {
      lines: [{ ...wish, storeId: second.id, quantity: 1, reason: '客户预订' }],
      wantedOn: null,
      reason: null,
      upTo: 'submitted',
    });
  };
}

async function ownerApproves(uow: UnitOfWork): Promise<void> {
  const purchasing = modules.find(({ name }) => name === 'purchasing');
  const levels = purchasing?.configuration?.find(({ id }) => id === 'approvalLevels');
  const values = { fromFen: OWNER_FROM_FEN, role: 'owner', own: false };
  await uow.run(systemActor('demo'), async (unit) => levels?.save(unit, [{ name: '老板审批', active: true, values }]));
}
