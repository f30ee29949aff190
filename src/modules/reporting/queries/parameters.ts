import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

const percent = (usual: number, most: number) => z.int().min(1).max(most).default(usual);

/** Settings of the module; what is not set has its default. */
export const reportingParameters = z.object({
  /** Share of the sales that A goods make, and A and B together. */
  abcAPercent: percent(80, 99),
  abcBPercent: percent(95, 100),
  /** Variation of weekly sales up to which goods are X, and Y. */
  xyzXPercent: percent(50, 1000),
  xyzYPercent: percent(100, 1000),
});

export type ReportingParameters = z.output<typeof reportingParameters>;

export const readParameters = (read: Reader): Promise<ReportingParameters> =>
  readModuleParameters(read, 'reporting', reportingParameters);
