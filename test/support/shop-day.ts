import { isDomainError } from '../../src/kernel';
import { createCustomer } from '../../src/modules/crm';
import { postOpeningStock } from '../../src/modules/inventory';
import { openingStock } from '../../src/modules/inventory/store/opening-stock.table';
import { addStore } from '../../src/modules/organization';
import { receipt, receiveGoods, reverseReceipt } from '../../src/modules/purchasing';
import {
  closeShift,
  openShift,
  postSale,
  returnSale,
  reverseSale,
  saleLine,
  saveRegister,
  shift,
  type TenderKind,
} from '../../src/modules/sales';
import { type Reader, sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { reverseOpeningStock } from '../../src/modules/inventory/use-cases/reverse-opening-stock';
import { testKeys } from './auth';
import { type Books, type BooksChange, type BooksScope, changeOf, readBooks } from './shop-books';
import { imeiOf, type SamplePurchasing } from './purchasing';

const actor = systemActor('王芳');

/** What somebody does next. Numbers choose among what is there: each sequence is legal, also after shrinking. */
export type Step =
  | { do: 'receive'; shop: number; phones: number; chargers: number; costFen: number; invoiced: boolean }
  | { do: 'open'; shop: number; phones: number; chargers: number; costFen: number }
  | { do: 'sell'; shop: number; phones: number[]; chargers: number; discount: number; pay: [TenderKind, number][] }
  | { do: 'return'; sale: number; shop: number; part: number; broken: boolean; pay: TenderKind }
  | { do: 'close'; shop: number; wrongByFen: number }
  | { do: 'undo'; document: number }
  | { do: 'sleep' };

/** A document of the day, and all it did to the books. */
export interface DayDocument {
  kind: 'receipt' | 'opening' | 'sale' | 'return' | 'shift';
  id: number;
  shop: number;
  shiftId: number | null;
  originalId: number | null;
  businessDate: string;
  change: BooksChange;
  reversed: boolean;
  say: string;
}

interface Shop {
  storeId: number;
  locationId: number;
  registerId: number;
  shiftId: number;
}

const PRICES = { phone: 449_900, charger: 14_900 };
let storesMade = 0;
let numbersUsed = 0;

/** Two new shops of a company and what happens in them; other shops of the same database do not disturb. */
export class ShopDay {
  readonly documents: DayDocument[] = [];
  readonly story: string[] = [];
  private constructor(
    private readonly uow: UnitOfWork,
    private readonly sample: SamplePurchasing,
    private readonly shops: Shop[],
    private readonly customerId: number,
    private readonly scope: BooksScope,
    private readonly pass: (ms: number) => void,
  ) {}

  static async begin(uow: UnitOfWork, sample: SamplePurchasing, pass: (ms: number) => void): Promise<ShopDay> {
    const phone = `139${String(10_000_000 + storesMade)}`;
    const { id } = await createCustomer(uow, actor, testKeys, { phone, name: '陈强' });
    const shops: Shop[] = [];
    for (const name of ['甲', '乙']) {
      const code = `T${++storesMade}`;
      const store = await uow.run(actor, (unit) => addStore(unit, { code, name: `${name}${code}`, kind: 'store' }));
      const { registerId } = await saveRegister(uow, actor, {
        id: null,
        storeId: store.id,
        code: '1',
        name: '1 号机',
        active: true,
        version: null,
      });
      const { shiftId } = await openShift(uow, actor, { registerId, openingFloatFen: 50_000 });
      shops.push({ storeId: store.id, locationId: store.defaultLocationId, registerId, shiftId });
    }
    const last = await uow.database.read.one<{ id: number | null }>(sql`SELECT MAX(id) AS id FROM device`);
    const scope = { storeIds: shops.map(({ storeId }) => storeId), afterDeviceId: last?.id ?? 0 };
    return new ShopDay(uow, sample, shops, id, scope, pass);
  }

  get read(): Reader {
    return this.uow.database.read;
  }
  books = (): Promise<Books> => readBooks(this.read, this.scope);
  private shop = (index: number): Shop => this.shops[index % this.shops.length] as Shop;
  private today = (): Promise<string> => this.uow.run(actor, (unit) => Promise.resolve(unit.today));

  /** Documents that stand. */
  standing = (): DayDocument[] => this.documents.filter(({ reversed }) => !reversed);

  private lastOf = (deviceId: number): DayDocument | undefined =>
    this.standing().findLast(({ change }) => change.devices.has(deviceId));

  /** Does it, or does nothing where there is nothing to do it with. */
  async take(step: Step): Promise<DayDocument | undefined> {
    const before = await this.books();
    const made = await this.perform(step, before);
    if (!made) return undefined;
    const change = changeOf(before, await this.books());
    const document = { ...made, businessDate: await this.today(), change, reversed: false };
    this.documents.push(document);
    this.story.push(document.say);
    return document;
  }

  private perform(
    step: Step,
    before: Books,
  ): Promise<Omit<DayDocument, 'change' | 'reversed' | 'businessDate'> | null> {
    switch (step.do) {
      case 'receive':
        return this.receive(step);
      case 'open':
        return this.open(step);
      case 'sell':
        return this.sell(step, before);
      case 'return':
        return this.takeBack(step);
      case 'close':
        return this.close(step);
      case 'sleep':
        this.pass(86_400_000);
        this.story.push('a day passes');
        return Promise.resolve(null);
      case 'undo':
        return Promise.resolve(null);
    }
  }

  private async receive(step: Extract<Step, { do: 'receive' }>) {
    const shop = this.shop(step.shop);
    const devices = Array.from({ length: step.phones }, () => imeiOf(++numbersUsed));
    const lines = [
      ...(devices.length > 0
        ? [
            {
              skuId: this.sample.phoneSkuIds[0],
              quantity: devices.length,
              unitPriceFen: 300_000 + step.costFen,
              devices,
            },
          ]
        : []),
      ...(step.chargers > 0
        ? [{ skuId: this.sample.chargerSkuId, quantity: step.chargers, unitPriceFen: step.costFen }]
        : []),
    ];
    if (lines.length === 0) return null;
    const command = {
      supplierId: this.sample.supplierId,
      storeId: shop.storeId,
      locationId: shop.locationId,
      businessDate: await this.today(),
      deliveryNote: null,
      withInvoice: step.invoiced,
      note: null,
      lines,
    };
    const done = await receiveGoods(this.uow, actor, command);
    const say = `receive ${devices.length} phones at ${300_000 + step.costFen}, ${step.chargers} chargers at ${step.costFen} in shop ${step.shop}`;
    return { kind: 'receipt' as const, id: done.id, shop: step.shop, shiftId: null, originalId: null, say };
  }

  private async open(step: Extract<Step, { do: 'open' }>) {
    const shop = this.shop(step.shop);
    const line = (lineNo: number, skuId: number, quantity: number, valueFen: number, imei?: string) => ({
      lineNo,
      skuId,
      storeId: shop.storeId,
      locationId: shop.locationId,
      quantity,
      valueFen,
      identifiers: imei ? [{ kind: 'imei' as const, value: imei }] : [],
      receivedOn: '2026-11-01',
      makerWarrantyUntil: null,
    });
    const [phone] = this.sample.phoneSkuIds;
    const lines = Array.from({ length: step.phones }, (_, index) =>
      line(index + 1, phone, 1, 300_000 + step.costFen + index, imeiOf(++numbersUsed)),
    );
    if (step.chargers > 0)
      lines.push(line(lines.length + 1, this.sample.chargerSkuId, step.chargers, step.costFen * step.chargers + 1));
    if (lines.length === 0) return null;
    const { id } = await this.uow.run(actor, async (unit) =>
      postOpeningStock(unit, { storeId: shop.storeId, businessDate: unit.today, lines }),
    );
    const say = `opening stock of ${step.phones} phones and ${step.chargers} chargers at ${step.costFen} in shop ${step.shop}`;
    return { kind: 'opening' as const, id, shop: step.shop, shiftId: null, originalId: null, say };
  }

  private async sell(step: Extract<Step, { do: 'sell' }>, before: Books) {
    const shop = this.shop(step.shop);
    const here = [...before.devices].filter(
      ([, facts]) => facts.startsWith('in_stock') && facts.includes(`locationId ${shop.locationId}, bucket sellable`),
    );
    const chosen = [...new Set(step.phones.flatMap((index) => here[index]?.[0] ?? []))];
    const key = `stock ${shop.locationId}/${this.sample.chargerSkuId}/sellable#`;
    const held = [...before.sums].find(([name]) => name.startsWith(key) && name.endsWith('pieces'))?.[1] ?? 0;
    const chargers = Math.min(step.chargers, held);
    const off = (fen: number): number => Math.floor((fen * step.discount) / 100);
    const lines = [
      ...chosen.map((deviceId) => ({
        skuId: this.sample.phoneSkuIds[0],
        deviceId,
        quantity: 1,
        discountFen: off(PRICES.phone),
      })),
      ...(chargers > 0
        ? [{ skuId: this.sample.chargerSkuId, quantity: chargers, discountFen: off(PRICES.charger * chargers) }]
        : []),
    ];
    if (lines.length === 0) return null;
    const dueFen =
      chosen.length * PRICES.phone + chargers * PRICES.charger - lines.reduce((sum, line) => sum + line.discountFen, 0);
    let leftFen = dueFen;
    const tenders = step.pay.flatMap(([kind, percent], index) => {
      const last = index === step.pay.length - 1;
      const amountFen = last ? leftFen : Math.min(leftFen, Math.floor((dueFen * percent) / 100));
      leftFen -= amountFen;
      return amountFen > 0 ? [{ kind, amountFen: amountFen + (last && kind === 'cash' ? 137 : 0) }] : [];
    });
    const done = await postSale(this.uow, actor, {
      registerId: shop.registerId,
      customerId: this.customerId,
      lines,
      tenders,
    });
    const paid = tenders.map(({ kind, amountFen }) => `${kind} ${amountFen}`).join(' + ');
    const say = `sell phones ${chosen.join(' ') || '-'} and ${chargers} chargers in shop ${step.shop} for ${paid || 'nothing'}`;
    const { shiftId } = shop;
    return { kind: 'sale' as const, id: done.saleId, shop: step.shop, shiftId, originalId: null, say };
  }

  private async takeBack(step: Extract<Step, { do: 'return' }>) {
    const sales = this.standing().filter(({ kind }) => kind === 'sale');
    const original = sales[step.sale % Math.max(1, sales.length)];
    if (!original) return null;
    const shop = this.shop(step.shop);
    const rows = await this.read.find(saleLine, { saleId: original.id });
    const lines = rows.flatMap(({ id, quantity, returnedQuantity, deviceId }) => {
      // One that came back and was sold again is not this customer's to return.
      if (deviceId !== null && this.lastOf(deviceId) !== original) return [];
      const part = Math.ceil(((quantity - returnedQuantity) * step.part) / 100);
      return part > 0 ? [{ lineId: id, quantity: part }] : [];
    });
    if (lines.length === 0) return null;
    const { accountOpenFen, refundFen } = await this.refundOf(original, lines);
    const onAccountFen = step.pay === 'on_account' ? Math.min(accountOpenFen, refundFen) : 0;
    const other: TenderKind = step.pay === 'on_account' ? 'cash' : step.pay;
    const done = await returnSale(this.uow, actor, {
      originalSaleId: original.id,
      registerId: shop.registerId,
      lines,
      bucket: step.broken ? 'defective' : 'sellable',
      refunds: [
        ...(onAccountFen > 0 ? [{ kind: 'on_account' as const, amountFen: onAccountFen }] : []),
        { kind: other, amountFen: null },
      ],
    });
    const say = `return of "${original.say}": ${lines.map(({ quantity }) => quantity).join(' + ')} pieces in shop ${step.shop}, ${onAccountFen} off the account`;
    const { shiftId } = shop;
    return { kind: 'return' as const, id: done.saleId, shop: step.shop, shiftId, originalId: original.id, say };
  }

  /** What the lines cost the customer, to the fen: the last piece takes what rounding left. */
  private async refundOf(original: DayDocument, lines: readonly { lineId: number; quantity: number }[]) {
    const rows = await this.read.find(saleLine, { saleId: original.id });
    const refundFen = lines.reduce((sum, { lineId, quantity }) => {
      const row = rows.find(({ id }) => id === lineId);
      return sum + (row ? Math.floor((row.amountFen * quantity) / row.quantity) : 0);
    }, 0);
    const open = await this.read.one<{ fen: number | null }>(
      sql`SELECT SUM(o.amount_fen - o.settled_fen) AS fen FROM posting p JOIN open_item o ON o.posting_id = p.id
          WHERE p.document_type = ${'sales.sale'} AND p.document_id = ${original.id} AND o.direction = ${'receivable'}`,
    );
    return { refundFen, accountOpenFen: Number(open?.fen ?? 0) };
  }

  /** Counts the drawer, right or wrong, and opens the next shift. */
  private async close(step: Extract<Step, { do: 'close' }>) {
    const shop = this.shop(step.shop);
    const { shiftId, registerId } = shop;
    const [row] = await this.read.find(shift, { id: shiftId });
    const taken = await this.read.one<{ fen: number | null }>(
      sql`SELECT SUM(t.amount_fen) AS fen FROM sale_tender t JOIN sale s ON s.id = t.sale_id
          WHERE s.shift_id = ${shiftId} AND s.state = ${'posted'} AND t.kind = ${'cash'}`,
    );
    const countedFen = Math.max(0, 50_000 + Number(taken?.fen ?? 0) + step.wrongByFen);
    const pieces = { '10000': Math.floor(countedFen / 10_000), '10': Math.floor((countedFen % 10_000) / 10) };
    const closed = await closeShift(this.uow, actor, { shiftId, version: row?.version ?? 0, pieces, counted: {} });
    shop.shiftId = (await openShift(this.uow, actor, { registerId, openingFloatFen: 50_000 })).shiftId;
    const say = `close the shift of shop ${step.shop}, ${closed.cashDifferenceFen} too much in the drawer`;
    return { kind: 'shift' as const, id: shiftId, shop: step.shop, shiftId, originalId: null, say };
  }

  /** Reverses it; tells the code of the refusal, undefined when it was done. */
  async undo(document: DayDocument): Promise<string | undefined> {
    try {
      await this.reverse(document);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return error.code;
    }
    document.reversed = true;
    this.story.push(`undo: ${document.say}`);
    return undefined;
  }

  private async reverse({ kind, id }: DayDocument): Promise<unknown> {
    if (kind === 'sale' || kind === 'return') return reverseSale(this.uow, actor, { saleId: id, reason: '录错' });
    if (kind === 'receipt') {
      const [row] = await this.read.find(receipt, { id });
      return reverseReceipt(this.uow, actor, { receiptId: id, version: row?.version ?? 0, reason: '录错' });
    }
    const [row] = await this.read.find(openingStock, { id });
    return reverseOpeningStock(this.uow, actor, { id, version: row?.version ?? 0 });
  }

  /** Why this document cannot be undone now, by what a clerk knows; undefined when it can. */
  async whyNot(document: DayDocument): Promise<string | undefined> {
    const { kind, shiftId, businessDate, change } = document;
    if (kind === 'sale' || kind === 'return') {
      if (businessDate !== (await this.today())) return 'it is of another day';
      if (shiftId !== this.shop(document.shop).shiftId) return 'its shift is closed';
      if (this.standing().some((other) => other.originalId === document.id)) return 'some of it was returned';
    }
    const later = this.standing().slice(this.standing().indexOf(document) + 1);
    if (later.some((other) => [...change.devices.keys()].some((id) => other.change.devices.has(id))))
      return 'something happened to its devices since';
    const now = await this.books();
    for (const [key, by] of change.sums) {
      const left = (now.sums.get(key) ?? 0) - by;
      if (key.startsWith('stock') && left < 0) return `its goods are gone: ${key}`;
      if (!key.startsWith('stock') || !key.endsWith('pieces')) continue;
      const value = key.replace('pieces', 'fen');
      const leftFen = (now.sums.get(value) ?? 0) - (change.sums.get(value) ?? 0);
      if (left === 0 && leftFen !== 0) return `the cost of its goods was mixed: ${key}`;
    }
    return undefined;
  }
}
