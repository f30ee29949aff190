import type { BookedPosting } from './check-posting';
import { type DeviceFacts, type MovedDevice, type OpenItemChange, type PostedDocument, VOID_PLACE } from './posting';

/**
 * A posting as the books tell it: every device as a move (one that arrived comes from `void`), opened items as taken
 * back settlements of the item they made. So its mirror is of the same kind, and the mirror's mirror is itself.
 */
export interface BookedMoves extends Omit<BookedPosting, 'devices' | 'openItems'> {
  devices: readonly MovedDevice[];
  openItems: readonly Extract<OpenItemChange, { kind: 'settle' }>[];
}

/**
 * The mirror of a posting (红冲): moves go back, quantities, values and settlements change their sign, journal lines stay on
 * their side in red. `before` names the facts of each device before the posting.
 */
export function mirror(
  posting: BookedMoves,
  document: PostedDocument,
  before: ReadonlyMap<number, DeviceFacts> = new Map(),
): BookedMoves {
  return {
    document,
    devices: posting.devices.map(({ deviceId, from, to, costChangeFen = 0, event, numbers, detail }) => {
      const set = before.get(deviceId);
      return {
        kind: 'move' as const,
        deviceId,
        from: to,
        to: from,
        costChangeFen: opposite(costChangeFen),
        event,
        ...(set ? { set } : {}),
        ...(numbers ? { numbers: { end: numbers.add, add: numbers.end } } : {}),
        ...(detail ? { detail } : {}),
      };
    }),
    stock: posting.stock.map((move) => ({
      ...move,
      quantity: opposite(move.quantity),
      valueFen: opposite(move.valueFen),
    })),
    lines: posting.lines.map((line) => ({
      ...line,
      debitFen: opposite(line.debitFen),
      creditFen: opposite(line.creditFen),
    })),
    openItems: posting.openItems.map((change) => ({ ...change, amountFen: opposite(change.amountFen) })),
  };
}

/** −x, never −0. */
const opposite = (amount: number): number => 0 - amount;

/** Where a device was before its first event. */
export const BEFORE_ARRIVAL = VOID_PLACE;
