/** How pieces are told apart: each a device, by batch, by count only, or nothing in stock at all. */
export const TRACKINGS = ['serial', 'batch', 'plain', 'service'] as const;
export type Tracking = (typeof TRACKINGS)[number];
