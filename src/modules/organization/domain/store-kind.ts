export const STORE_KINDS = ['store', 'warehouse'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];
