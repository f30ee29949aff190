/** A draft as it is kept: of its customer only the id, because names are nowhere in the database as people read them. */
export function keptDraft(draft: Record<string, unknown>): {
  draft: Record<string, unknown>;
  customerId: number | null;
} {
  const customerId = customerOf(draft);
  if (!('customer' in draft)) return { draft, customerId };
  return { draft: { ...draft, customer: customerId === null ? null : { id: customerId } }, customerId };
}

export function customerOf(draft: Record<string, unknown>): number | null {
  const id = (draft['customer'] as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}
