/**
 * `here`: the supplier's, on our shelf. `sold`: sold, or bought by us, and owed as accrued until the supplier's settlement.
 */
export const CONSIGNED_STATES = ['draft', 'here', 'sold', 'settled', 'returned', 'reversed'] as const;
export type ConsignedState = (typeof CONSIGNED_STATES)[number];

/** What a consigned device costs when it is sold: the agreed price without its tax, owed to the supplier from then on. */
export interface ConsignedTerms {
  id: number;
  deviceId: number;
  supplierId: number;
  netFen: number;
}
