import type { Shop } from './ledger-documents';

/** A shop as one would keep it on paper: what the books must come to, whatever happened. */
export interface ModelDevice {
  id: number;
  imei: number;
  state: 'in_stock' | 'in_transit' | 'sold' | 'void';
  storeId: number | null;
  costFen: number;
  /** Documents that touched it, in order. */
  documents: ModelDocument[];
}

/** Cases of one place: those on the way to a store are kept apart from its own. */
export interface CaseMove {
  storeId: number;
  onTheWay?: boolean;
  quantity: number;
  valueFen: number;
}

export interface ModelDocument {
  type: string;
  id: number;
  number: string;
  storeId: number;
  devices: { device: ModelDevice; before: Pick<ModelDevice, 'state' | 'storeId' | 'costFen'> }[];
  cases: CaseMove | null;
  /** Where the cases of `cases` went, or came from: the other end of a transfer. */
  otherCases?: CaseMove | null;
  cashFen: number;
  /** What it opened, and what it paid off. */
  item: ModelItem | null;
  paid: { item: ModelItem; amountFen: number } | null;
  reversed: boolean;
}

export interface ModelItem {
  id: number;
  amountFen: number;
  settledFen: number;
}

type Change = Omit<ModelDocument, 'devices' | 'reversed'> & {
  devices: { device: ModelDevice; after: Pick<ModelDevice, 'state' | 'storeId' | 'costFen'> }[];
};

export class ShopModel {
  readonly devices: ModelDevice[] = [];
  readonly documents: ModelDocument[] = [];
  readonly items: ModelItem[] = [];
  readonly cases = new Map<string, { storeId: number; bucket: string; quantity: number; valueFen: number }>();
  cashFen = 0;

  casesAt(storeId: number, onTheWay = false): { quantity: number; valueFen: number } {
    const bucket = onTheWay ? 'in_transit' : 'sellable';
    const key = `${storeId} ${bucket}`;
    let balance = this.cases.get(key);
    if (!balance) this.cases.set(key, (balance = { storeId, bucket, quantity: 0, valueFen: 0 }));
    return balance;
  }

  /** On the way to this shop. */
  comingTo(shop: Shop): ModelDevice[] {
    return this.devices.filter((one) => one.state === 'in_transit' && one.storeId === shop.storeId);
  }

  at(shop: Shop): ModelDevice[] {
    return this.devices.filter((one) => one.state === 'in_stock' && one.storeId === shop.storeId);
  }

  apply({ devices, ...rest }: Change): void {
    const document: ModelDocument = { ...rest, devices: [], reversed: false };
    for (const { device, after } of devices) {
      const { state, storeId, costFen } = device;
      document.devices.push({ device, before: { state, storeId, costFen } });
      Object.assign(device, after);
      device.documents.push(document);
      if (!this.devices.includes(device)) this.devices.push(device);
    }
    this.shift(document, 1);
    if (document.item) this.items.push(document.item);
    this.documents.push(document);
  }

  private shift({ cases, otherCases, cashFen, paid }: ModelDocument, sign: 1 | -1): void {
    for (const one of [cases, otherCases ?? null]) {
      if (!one) continue;
      const balance = this.casesAt(one.storeId, one.onTheWay);
      balance.quantity += sign * one.quantity;
      balance.valueFen += sign * one.valueFen;
    }
    this.cashFen += sign * cashFen;
    if (paid) paid.item.settledFen += sign * paid.amountFen;
  }

  /** Why a document cannot be reversed, as the ledger's code; undefined when it can. */
  whyNotReverse(document: ModelDocument): string | undefined {
    if (document.reversed) return 'reversed';
    for (const { device } of document.devices) {
      const later = device.documents.slice(device.documents.indexOf(document) + 1);
      if (later.some((one) => !one.reversed)) return 'has_dependents';
    }
    if (document.item && document.item.settledFen !== 0) return 'has_dependents';
    const fits = [document.cases, document.otherCases ?? null].every((one) => {
      if (!one) return true;
      const balance = this.casesAt(one.storeId, one.onTheWay);
      const quantity = balance.quantity - one.quantity;
      const valueFen = balance.valueFen - one.valueFen;
      return quantity >= 0 && valueFen >= 0 && (quantity > 0 || valueFen === 0);
    });
    return fits ? undefined : 'reversal_stock';
  }

  reverse(document: ModelDocument): void {
    document.reversed = true;
    for (const { device, before } of document.devices) Object.assign(device, before);
    this.shift(document, -1);
    if (document.item) document.item.settledFen = document.item.amountFen;
  }
}
