import { defineMachine } from '../../../kernel';
import type { DeviceState, Identifier } from '../../../ledger';

export const NUMBER_STATES = ['draft', 'posted', 'reversed', 'cancelled'] as const;
export type NumberState = (typeof NUMBER_STATES)[number];
export type NumberEvent = 'post' | 'reverse' | 'cancel';

export const numberMachine = defineMachine<NumberState, NumberEvent>({
  name: 'number_change',
  initial: 'draft',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    draft: { post: 'posted', cancel: 'cancelled' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});

/** Scanned wrongly; two devices mixed up; the maker replaced the board; anything else, told in the note. */
export const NUMBER_REASONS = ['mis_scan', 'mixed_up', 'board_replaced', 'other'] as const;
export type NumberReason = (typeof NUMBER_REASONS)[number];

/** What a line may be made from: one number for another, one more, one less, all numbers of two devices. */
export const NUMBER_WAYS = ['replace', 'add', 'end', 'swap'] as const;
export type NumberWay = (typeof NUMBER_WAYS)[number];

/** A device loses `before` and gets `after`; one of them may be missing. */
export interface NumberLine {
  deviceId: number;
  before: Identifier | null;
  after: Identifier | null;
}

/** Each number leaves once and arrives once in a document: the line is named by what leaves, or else by what arrives. */
export const lineKeyOf = ({ before, after }: NumberLine): string => `${before ? '-' : '+'}${(before ?? after)?.value}`;

/** States in which somebody may still hold the device in their hands. */
const REACHABLE: ReadonlySet<DeviceState> = new Set([
  'in_stock',
  'in_transit',
  'sold',
  'lent',
  'at_partner',
  'at_repairer',
  'missing',
  'customer_owned',
]);

export const mayChangeNumbers = (state: DeviceState): boolean => REACHABLE.has(state);

/** Lines that give each of two devices the numbers of the other: the first for the first, what is left over moves alone. */
export function swapLines(
  one: { deviceId: number; numbers: readonly Identifier[] },
  other: { deviceId: number; numbers: readonly Identifier[] },
): NumberLine[] {
  const rows = Math.max(one.numbers.length, other.numbers.length);
  return Array.from({ length: rows }, (_, index): NumberLine[] => {
    const [a, b] = [one.numbers[index] ?? null, other.numbers[index] ?? null];
    return [
      { deviceId: one.deviceId, before: a, after: b },
      { deviceId: other.deviceId, before: b, after: a },
    ];
  }).flat();
}
