import { addDays } from '../../../kernel';
import { skusByIds } from '../../../modules/catalog';
import { borrowDevices, consignedDevice } from '../../../modules/inventory';
import {
  addConsigned,
  consignment as consignmentIn,
  createConsignment,
  postConsignment,
  settleConsigned,
} from '../../../modules/purchasing';
import { consignDevices, consignment, consignmentDevice, takeBackConsigned } from '../../../modules/sales';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoPhone, DemoStore } from '../company';
import type { Market, Story } from '../shelf';
import { numbersOf, oneOfEach } from './devices';

const TAX_BP = 1300;
/** With so many days left: handsets of a supplier come to be sold, what was sold is settled, others come and wait. */
const LEFT_HERE = { at: 30, settled: 6, more: 1, pieces: 6, brand: 'vivo' };
/** Handsets for a partner to sell; some come back, the others are late. */
const GIVEN = { at: 20, back: 8, dueIn: 17, most: 4 };
/** Borrowed for the counter; they should be back again. */
const BORROWED = { at: 10, dueIn: 7, pieces: 2, model: 'vivo X300' };

/** Goods that stand in one house and belong to another: on consignment both ways, and borrowed. */
export function consignments(): Story {
  let givenId: number | null = null;
  return async ({ market, uow, date, day, daysLeft }) => {
    const { company, keys } = market;
    const [first, second, , fourth] = company.stores;
    if (!first || !second || !fourth || day < 2) return;
    if (daysLeft === LEFT_HERE.at) await receive(market, uow, fourth, true);
    if (daysLeft === LEFT_HERE.more) await receive(market, uow, fourth, false);
    if (daysLeft === LEFT_HERE.settled) await settle(market, uow, { storeId: fourth.id, untilOn: date });
    if (daysLeft === BORROWED.at) {
      const phone = modelOf(market, BORROWED.model);
      await borrowDevices(uow, first.manager, {
        locationId: first.locationId,
        borrower: 'vivo 江苏办事处',
        purpose: 'display',
        dueOn: addDays(date, BORROWED.dueIn),
        note: '新品上市陈列',
        sku: await codeOf(uow, phone.skuId),
        numbers: newLines(market, phone, BORROWED.pieces),
      });
    }
    if (daysLeft === GIVEN.at) {
      const devices = await oneOfEach(uow.database.read, second, { most: GIVEN.most, skip: 3 });
      const made = await consignDevices({ uow, keys }, second.manager, {
        locationId: second.locationId,
        partner: '17000090001',
        partnerName: '江宁大学城数码专卖',
        dueOn: addDays(date, GIVEN.dueIn),
        priceFen: null,
        note: '',
        numbers: (await numbersOf(uow.database.read, devices)).join('\n'),
      });
      givenId = made.id;
    }
    if (daysLeft === GIVEN.back && givenId !== null) {
      const rows = (await uow.database.read.find(consignmentDevice, { outId: givenId })).map(({ id }) => id);
      await takeBackConsigned(uow, second.manager, {
        id: givenId,
        version: (await uow.database.read.get(consignment, givenId))?.version ?? 0,
        rows: rows.toSorted((a, b) => a - b).slice(0, 1),
        numbers: '',
        bucket: '',
        note: '',
      });
    }
  };
}

function modelOf({ company }: Market, name: string): DemoPhone {
  const found = company.phones.find(({ model }) => model.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const newLines = ({ newNumbers }: Market, { model }: DemoPhone, pieces: number): string =>
  Array.from({ length: pieces }, () => newNumbers(model.tac)).join('\n');

async function codeOf({ database }: UnitOfWork, skuId: number): Promise<string> {
  const { read } = database;
  return (await skusByIds(read, [skuId])).get(skuId)?.code ?? '';
}

async function receive(market: Market, uow: UnitOfWork, store: DemoStore, post: boolean): Promise<void> {
  const { buyer } = market.company;
  const phone = missingIn(market, store);
  const { locationId } = store;
  const { id } = await createConsignment(uow, buyer, { supplierId: supplierOf(market), locationId, note: '' });
  const version = async (): Promise<number> => (await uow.database.read.get(consignmentIn, id))?.version ?? 0;
  await addConsigned(uow, buyer, {
    id,
    version: await version(),
    skuId: phone.skuId,
    priceFen: phone.costFen,
    taxRateBp: TAX_BP,
    numbers: newLines(market, phone, LEFT_HERE.pieces),
  });
  if (post) await postConsignment(uow, buyer, { id, version: await version() });
}

/** What sells best of the brand and the store has none of. */
function missingIn({ company, shelfOf }: Market, store: DemoStore): DemoPhone {
  const { devices } = shelfOf(store);
  const phones = company.phones
    .filter(({ model }) => model.brand === LEFT_HERE.brand)
    .toSorted((a, b) => b.model.weight - a.model.weight || a.skuId - b.skuId);
  const found = phones.find(({ skuId }) => !devices.has(skuId)) ?? phones[0];
  if (!found) throw new Error(`nothing of ${LEFT_HERE.brand}`);
  return found;
}

const supplierOf = ({ company }: Market): number =>
  company.suppliers.find(({ brands }) => brands.includes(LEFT_HERE.brand))?.id ?? 0;

/** What the store has sold of them. */
async function settle(
  market: Market,
  uow: UnitOfWork,
  { storeId, untilOn }: { storeId: number; untilOn: string },
): Promise<void> {
  const supplierId = supplierOf(market);
  const sold = (await uow.database.read.find(consignedDevice, { supplierId, state: 'sold' }))
    .filter((row) => row.storeId === storeId)
    .toSorted((a, b) => a.id - b.id);
  if (sold.length === 0) return;
  await settleConsigned(uow, market.company.accountant, {
    supplierId,
    storeId,
    untilOn,
    invoiceNumber: '',
    note: '',
    rows: sold.map(({ id, priceFen }) => ({ id, priceFen })),
  });
}
