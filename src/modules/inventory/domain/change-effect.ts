import type { Bucket } from '../../../ledger';

/** What a change of stock does; the reason says it. The first four move goods between states of stock. */
export const STATUS_EFFECTS = ['sellable', 'demo', 'defective', 'quarantine'] as const satisfies readonly Bucket[];
export type StatusEffect = (typeof STATUS_EFFECTS)[number];

export const CHANGE_EFFECTS = [...STATUS_EFFECTS] as const;
export type ChangeEffect = (typeof CHANGE_EFFECTS)[number];
