import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

const percent = (usual: number, most: number) => z.int().min(1).max(most).default(usual);

const days = (usual: number) => z.int().min(1).max(3650).default(usual);

/** Settings of the module; what is not set has its default. */
export const reportingParameters = z.object({
  /** Share of the sales that A goods make, and A and B together. */
  abcAPercent: percent(80, 99),
  abcBPercent: percent(95, 100),
  /** Variation of weekly sales up to which goods are X, and Y. */
  xyzXPercent: percent(50, 1000),
  xyzYPercent: percent(100, 1000),
  /** What is told on the page of alerts, on the home page and once a day to the channels; and from what on. */
  alertBelow: z.boolean().default(true),
  alertAbove: z.boolean().default(true),
  alertAboveDays: days(180),
  alertAgeing: z.boolean().default(true),
  alertAgeingDays: days(90),
  alertIdle: z.boolean().default(true),
  alertIdleDays: days(90),
  alertTransit: z.boolean().default(true),
  alertTransitDays: z.int().min(0).max(365).default(0),
  alertBatch: z.boolean().default(true),
  alertBatchDays: days(30),
  alertExchange: z.boolean().default(true),
  alertExchangeDays: z.int().min(0).max(365).default(7),
  alertOrder: z.boolean().default(true),
  alertOrderDays: z.int().min(0).max(365).default(0),
  alertLoan: z.boolean().default(true),
  alertLoanDays: z.int().min(0).max(365).default(0),
  alertClaim: z.boolean().default(true),
  alertRebate: z.boolean().default(true),
});

export type ReportingParameters = z.output<typeof reportingParameters>;

export const readParameters = (read: Reader): Promise<ReportingParameters> =>
  readModuleParameters(read, 'reporting', reportingParameters);
