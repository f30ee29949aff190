import { fen, type Money, splitTax } from '../../../kernel';
import type { DevicePlace, JournalLine, MovedDevice, PostedDocument, Posting } from '../../../ledger';

export interface ProtectedDevice {
  deviceId: number;
  skuId: number;
  place: DevicePlace;
  costFen: number;
  /** Agreed, tax-inclusive; 0: the supplier refuses this one. */
  agreedFen: number;
  /** 0 where the amounts are without tax. */
  taxRateBp: number;
  /** It was bought anew since: its present cost is not what the supplier makes good. */
  anew: boolean;
  /** Store that a cost adjustment belongs to: where it was sold, or was held. */
  storeId: number;
  saleNumber: string | null;
}

export interface BookedDevice {
  deviceId: number;
  netFen: number;
  stockFen: number;
  costDropFen: number;
}

export interface ProtectionSums {
  agreedFen: Money;
  taxFen: Money;
  stockFen: Money;
}

/**
 * What an agreed price protection does to the books. The supplier owes the amount (1221); devices that are stock cost less
 * (1405), never below nothing; of what is sold by now, and of what is more than a cost, the cost of sales is corrected
 * (5401). The input tax goes down with it (国税发〔2004〕136号).
 */
export function protectionPosting(
  document: PostedDocument,
  supplierId: number,
  dueOn: string | null,
  devices: readonly ProtectedDevice[],
): Posting & { booked: BookedDevice[]; sums: ProtectionSums } {
  const booked = devices.map((device): BookedDevice & { taxFen: number } => {
    const { netFen, taxFen } = splitTax(fen(device.agreedFen), device.taxRateBp);
    const costDropFen = device.anew ? 0 : Math.min(netFen, device.costFen);
    return {
      deviceId: device.deviceId,
      netFen,
      taxFen,
      costDropFen,
      stockFen: isStock(device.place) ? costDropFen : 0,
    };
  });
  const agreedFen = fen(devices.reduce((sum, one) => sum + one.agreedFen, 0));
  const taxFen = fen(booked.reduce((sum, one) => sum + one.taxFen, 0));
  const stockFen = fen(booked.reduce((sum, one) => sum + one.stockFen, 0));
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const parts = devices.map((device, index) => ({ device, one: booked[index] as BookedDevice }));
  return {
    document,
    devices: parts
      .filter(({ device }) => device.agreedFen > 0 && device.place.state !== 'void')
      .map(({ device, one }): MovedDevice => ({
        kind: 'move',
        deviceId: device.deviceId,
        from: device.place,
        to: device.place,
        costChangeFen: 0 - one.costDropFen,
        event: 'price_protected',
        ...(device.saleNumber === null ? {} : { detail: { sale: device.saleNumber } }),
      })),
    stock: [],
    journal: [
      { account: 'other_receivable', debitFen: agreedFen, storeId: document.storeId, ...party },
      ...creditsOf(parts),
      { account: 'input_tax', creditFen: taxFen, storeId: document.storeId },
    ],
    openItems: agreedFen > 0 ? [{ kind: 'open', ...party, direction: 'receivable', amountFen: agreedFen, dueOn }] : [],
    booked: booked.map(({ taxFen: _tax, ...one }) => one),
    sums: { agreedFen, taxFen, stockFen },
  };
}

const isStock = ({ bucket, ownership }: DevicePlace): boolean => bucket !== null && ownership === 'own';

interface Part {
  device: Pick<ProtectedDevice, 'skuId' | 'place' | 'storeId'>;
  one: Pick<BookedDevice, 'netFen' | 'stockFen'>;
}

/** One line for each account, store and product. `sign` -1 is the same in red. */
function creditsOf(parts: readonly Part[], sign: 1 | -1 = 1): JournalLine[] {
  const lines = new Map<string, JournalLine & { creditFen: number }>();
  const add = (account: 'inventory' | 'cost_adjustment', storeId: number, skuId: number, amountFen: number): void => {
    if (amountFen === 0) return;
    const key = `${account}/${storeId}/${skuId}`;
    const line = lines.get(key) ?? { account, storeId, skuId, creditFen: 0 };
    lines.set(key, { ...line, creditFen: line.creditFen + sign * amountFen });
  };
  for (const { device, one } of parts) {
    add('inventory', device.place.storeId ?? device.storeId, device.skuId, one.stockFen);
    add('cost_adjustment', device.storeId, device.skuId, one.netFen - one.stockFen);
  }
  return [...lines.values()];
}

export interface UnprotectedDevice {
  deviceId: number;
  skuId: number;
  place: DevicePlace;
  netFen: number;
  costDropFen: number;
  /** What was taken off its cost is in it still. */
  stands: boolean;
  storeId: number;
}

/**
 * Takes an agreement back (红冲), whatever became of the devices: what is stock costs again what it did, of what left the
 * cost of sales is corrected back, the supplier owes nothing of it.
 */
export function unprotectPosting(
  document: PostedDocument,
  claim: { supplierId: number; agreedFen: number; taxFen: number; openItemId: number },
  devices: readonly UnprotectedDevice[],
): Posting {
  const back = devices.map((device) => ({
    device,
    riseFen: device.stands && device.place.state !== 'void' ? device.costDropFen : 0,
  }));
  return {
    document,
    devices: back
      .filter(({ device }) => device.place.state !== 'void')
      .map(({ device, riseFen }): MovedDevice => ({
        kind: 'move',
        deviceId: device.deviceId,
        from: device.place,
        to: device.place,
        costChangeFen: riseFen,
        event: 'unprotected',
      })),
    stock: [],
    journal: [
      {
        account: 'other_receivable',
        debitFen: 0 - claim.agreedFen,
        storeId: document.storeId,
        partyType: 'supplier',
        partyId: claim.supplierId,
      },
      ...creditsOf(
        back.map(({ device, riseFen }) => ({
          device,
          one: { netFen: device.netFen, stockFen: isStock(device.place) ? riseFen : 0 },
        })),
        -1,
      ),
      { account: 'input_tax', creditFen: 0 - claim.taxFen, storeId: document.storeId },
    ],
    openItems: [{ kind: 'settle', openItemId: claim.openItemId, amountFen: claim.agreedFen }],
  };
}
