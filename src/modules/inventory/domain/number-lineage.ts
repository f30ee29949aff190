import type { LifeEvent } from '../../../ledger';

/** How a number of a device came to an end. */
export interface EndedNumber {
  /** What took its place, when one did. */
  replacedBy: string | null;
  documentType: string;
  documentId: number;
  documentNumber: string;
}

const valuesOf = (text: unknown): string[] =>
  typeof text === 'string' ? text.split(' ').map((one) => one.slice(one.indexOf(':') + 1)) : [];

/** Which numbers an event took and brought, side by side. */
export function numbersOfEvent({ changes }: Pick<LifeEvent, 'changes'>): { before: string[]; after: string[] } {
  const [before, after] = changes?.['numbers'] ?? [];
  return { before: valuesOf(before), after: valuesOf(after) };
}

/** Ended number → what took its place, by the latest document that ended it. */
export function lineageOf(events: readonly LifeEvent[]): Map<string, EndedNumber> {
  const ended = new Map<string, EndedNumber>();
  for (const event of events) {
    const { before, after } = numbersOfEvent(event);
    const { documentType, documentId, documentNumber } = event;
    for (const [index, value] of before.entries())
      ended.set(value, { replacedBy: after[index] ?? null, documentType, documentId, documentNumber });
  }
  return ended;
}
