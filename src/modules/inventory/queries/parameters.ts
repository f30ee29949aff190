import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

const days = (usual: number) => z.int().min(1).max(1000).default(usual);
const percent = (usual: number, most: number) => z.int().min(1).max(most).default(usual);

/** Settings of the module; what is not set has its default. */
export const inventoryParameters = z.object({
  /** Share of the value sold in 90 days that A goods make, and A and B together: they are counted more often. */
  cycleAPercent: percent(80, 99),
  cycleBPercent: percent(95, 100),
  /** After how many days goods of a class are counted again. */
  cycleADays: days(30),
  cycleBDays: days(90),
  cycleCDays: days(365),
  /** Most products that are put on one day's stocktake. */
  cycleMost: z.int().min(1).max(500).default(20),
  /** Who counts does not see what the books say. */
  cycleBlind: z.boolean().default(false),
});

export type InventoryParameters = z.output<typeof inventoryParameters>;

export const readParameters = (read: Reader): Promise<InventoryParameters> =>
  readModuleParameters(read, 'inventory', inventoryParameters);
