import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

/** Settings of the module; what is not set has its default. */
export const purchasingParameters = z.object({
  /** New receipts begin as "the invoice came with the goods". */
  invoiceAtOnce: z.boolean().default(false),
});

export type PurchasingParameters = z.output<typeof purchasingParameters>;

export const readParameters = (read: Reader): Promise<PurchasingParameters> =>
  readModuleParameters(read, 'purchasing', purchasingParameters);
