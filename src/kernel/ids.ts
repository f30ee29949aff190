/** A record's key: a positive integer given out by the application, unique within its table. */
export type Id = number;

export function isId(value: unknown): value is Id {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** An id out of an address or a form; null when it is none (the caller answers 404 or marks the field). */
export function parseId(text: string | undefined | null): Id | null {
  if (!text || !/^[1-9]\d{0,15}$/.test(text)) return null;
  const id = Number(text);
  return isId(id) ? id : null;
}
