import type { Shop } from './ledger-documents';

/** A shop as one would keep it on paper: what the books must come to, whatever happened. */
export interface ModelDevice {
  id: number;
  imei: number;
  state: 'in_stock' | 'sold' | 'void';
  storeId: number | null;
  costFen: number;
  /** Documents that touched it, in order. */
  documents: ModelDocument[];
}

export interface ModelDocument {
  type: string;
  id: number;
  number: string;
  storeId: number;
  devices: { device: ModelDevice; before: Pick<ModelDevice, 'state' | 'storeId' | 'costFen'> }[];
  cases: { storeId: number; quantity: number; valueFen: number } | null;
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
  readonly cases = new Map<number, { quantity: number; valueFen: number }>();
  cashFen = 0;

  casesAt(storeId: number): { quantity: number; valueFen: number } {
    let balance = this.cases.get(storeId);
    if (!balance) this.cases.set(storeId, (balance = { quantity: 0, valueFen: 0 }));
    return balance;
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

  private shift({ cases, cashFen, paid }: ModelDocument, sign: 1 | -1): void {
    if (cases) {
      const balance = this.casesAt(cases.storeId);
      balance.quantity += sign * cases.quantity;
      balance.valueFen += sign * cases.valueFen;
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
    if (!document.cases) return undefined;
    const balance = this.casesAt(document.cases.storeId);
    const quantity = balance.quantity - document.cases.quantity;
    const valueFen = balance.valueFen - document.cases.valueFen;
    return quantity < 0 || valueFen < 0 || (quantity === 0 && valueFen !== 0) ? 'reversal_stock' : undefined;
  }

  reverse(document: ModelDocument): void {
    document.reversed = true;
    for (const { device, before } of document.devices) Object.assign(device, before);
    this.shift(document, -1);
    if (document.item) document.item.settledFen = document.item.amountFen;
  }
}
