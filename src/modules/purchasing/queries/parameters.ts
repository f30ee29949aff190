import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

/** Settings of the module; what is not set has its default. */
export const purchasingParameters = z.object({
  /** New receipts begin as "the invoice came with the goods". */
  invoiceAtOnce: z.boolean().default(false),
  /** How much a line of a supplier invoice may differ from receipt and order, in percent of what it should come to … */
  invoiceDifferencePercent: z.int().min(0).max(100).default(1),
  /** … and the difference of a line that passes whatever it is in percent. */
  invoiceDifferenceYuan: z.int().min(0).max(100_000).default(1),
  /** After how many days goods whose invoice has not come are an alert. */
  uninvoicedDays: z.int().min(1).max(3650).default(30),
  /** Whether the home page tells of them. */
  alertUninvoiced: z.boolean().default(true),
  /** Days after which a claim that a supplier has not settled is shown as waiting too long. */
  claimAlertDays: z.int().min(1).max(365).default(30),
  /** After how many days in the shop consigned devices are an alert. */
  consignmentDays: z.int().min(1).max(3650).default(90),
  /** Whether the home page tells of them. */
  alertConsigned: z.boolean().default(true),
});

export type PurchasingParameters = z.output<typeof purchasingParameters>;

/** After how many days price protection and rebates that are not settled wait too long. */
export const claimAlertDays = async (read: Reader): Promise<number> => (await readParameters(read)).claimAlertDays;

export const readParameters = (read: Reader): Promise<PurchasingParameters> =>
  readModuleParameters(read, 'purchasing', purchasingParameters);
