import { fen, sum } from '../../../kernel';
import type { DeviceOnBooks, JournalLine, MovedDevice, OpenItemChange, PostedDocument, Posting } from '../../../ledger';
import { CONSIGNMENT_DOCUMENT } from './consignment';

/** A consigned device that was sold, or bought by us, and what its supplier gets for it now. */
export interface SettledDevice {
  row: DeviceOnBooks;
  skuId: number;
  /** Its accrued payable: the agreed price without tax. */
  openItemId: number;
  agreedNetFen: number;
  /** As settled: with tax, and the tax in it. */
  grossFen: number;
  taxFen: number;
}

export interface SettlementTerms {
  supplierId: number;
  dueOn: string;
}

/**
 * What was accrued when the devices were sold becomes owed (2202.02 → 2202.01), with its input tax and a due date. Where another
 * price was settled than agreed, the difference is a cost: of the device, where it still carries the agreed cost (and of our
 * stock, where we bought it and have it), and a cost adjustment for what is sold.
 */
export function settlementPosting(
  document: Omit<PostedDocument, 'type'>,
  { supplierId, dueOn }: SettlementTerms,
  devices: readonly SettledDevice[],
): Posting {
  const { storeId } = document;
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  const agreedFen = sum(devices.map(({ agreedNetFen }) => fen(agreedNetFen)));
  const grossFen = sum(devices.map((one) => fen(one.grossFen)));
  const taxFen = sum(devices.map((one) => fen(one.taxFen)));
  return {
    document: { type: CONSIGNMENT_DOCUMENT, ...document },
    devices: devices.map(settledMove),
    stock: [],
    journal: [
      { account: 'goods_received', debitFen: agreedFen, storeId, ...party },
      ...devices.map((one) => differenceLine(one, storeId)),
      { account: 'input_tax', debitFen: taxFen, storeId },
      { account: 'payable', creditFen: grossFen, storeId, ...party },
    ],
    openItems: [
      ...devices.map(({ openItemId, agreedNetFen }): OpenItemChange => ({
        kind: 'settle',
        openItemId,
        amountFen: agreedNetFen,
      })),
      ...(grossFen > 0
        ? [{ kind: 'open' as const, direction: 'payable' as const, amountFen: grossFen, dueOn, ...party }]
        : []),
    ],
  };
}

const differenceFen = ({ grossFen, taxFen, agreedNetFen }: SettledDevice): number => grossFen - taxFen - agreedNetFen;

/** Bought anew since, or protected: what it costs now is not this agreement's. */
const carriesAgreed = ({ row, agreedNetFen }: SettledDevice): boolean => row.costFen === agreedNetFen;

const isOurStock = (one: SettledDevice): boolean =>
  carriesAgreed(one) && one.row.bucket !== null && one.row.ownership === 'own';

function settledMove(one: SettledDevice): MovedDevice {
  const { state, storeId, locationId, bucket, ownership, id: deviceId } = one.row;
  const place = { state, storeId, locationId, bucket, ownership };
  const changeFen = differenceFen(one);
  return {
    kind: 'move',
    deviceId,
    from: place,
    to: place,
    ...(changeFen !== 0 && carriesAgreed(one) ? { costChangeFen: changeFen } : {}),
    event: 'consignment_settled',
  };
}

function differenceLine(one: SettledDevice, storeId: number): JournalLine {
  const debitFen = differenceFen(one);
  if (isOurStock(one)) return { account: 'inventory', debitFen, storeId: one.row.storeId ?? storeId, skuId: one.skuId };
  return { account: 'cost_adjustment', debitFen, storeId, skuId: one.skuId };
}

export interface ConsignedOnBooks {
  row: DeviceOnBooks;
  netFen: number;
}

/** Unsold devices go back to their supplier: they had no value here, and nothing was owed. */
export function giveBackPosting(
  document: Omit<PostedDocument, 'type'>,
  supplierName: string,
  devices: readonly DeviceOnBooks[],
): Posting {
  return {
    document: { type: CONSIGNMENT_DOCUMENT, ...document },
    devices: devices.map(({ id, state, storeId, locationId, bucket, ownership }): MovedDevice => ({
      kind: 'move',
      deviceId: id,
      from: { state, storeId, locationId, bucket, ownership },
      to: { state: 'returned_to_supplier', storeId, locationId: null, bucket: null, ownership },
      event: 'returned_to_supplier',
      detail: { supplierName },
    })),
    stock: [],
    journal: [],
    openItems: [],
  };
}

/**
 * Devices become our own where they stand, at the agreed net price, owed as accrued until the settlement. What was lost (missing)
 * is paid for all the same: an expense, as a stocktake books what is missing of our own.
 */
export function buyConsignedPosting(
  document: Omit<PostedDocument, 'type'>,
  supplierId: number,
  devices: readonly ConsignedOnBooks[],
): Posting {
  const party = { partyType: 'supplier', partyId: supplierId } as const;
  return {
    document: { type: CONSIGNMENT_DOCUMENT, ...document },
    devices: devices.map(({ row, netFen }): MovedDevice => {
      const { id, state, storeId, locationId, bucket, ownership } = row;
      const place = { state, storeId, locationId, bucket };
      return {
        kind: 'move',
        deviceId: id,
        from: { ...place, ownership },
        to: { ...place, ownership: 'own' },
        costChangeFen: netFen - row.costFen,
        event: 'consignment_bought',
      };
    }),
    stock: [],
    journal: devices.flatMap(({ row, netFen }): JournalLine[] => {
      const storeId = row.storeId ?? document.storeId;
      const account = row.bucket === null ? 'admin_expense' : 'inventory';
      return [
        { account, debitFen: netFen, storeId, skuId: row.skuId },
        { account: 'goods_received', creditFen: netFen, storeId, ...party },
      ];
    }),
    openItems: devices.map(({ netFen: amountFen }): OpenItemChange => ({
      kind: 'open',
      direction: 'accrued',
      amountFen,
      dueOn: null,
      ...party,
    })),
  };
}
