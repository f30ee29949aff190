import { z } from 'zod';

/** Settings of the module; what is not set has its default. */
export const salesParameters = z.object({
  /** Whether the home page tells what partners should have settled or given back. */
  alertConsignments: z.boolean().default(true),
  /** Whether the home page tells what partners should have paid. */
  alertSettlements: z.boolean().default(true),
});
