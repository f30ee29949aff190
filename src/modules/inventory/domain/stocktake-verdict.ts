import type { DeviceState } from '../../../ledger';

/**
 * The four lists of a stocktake. `moved`: sold, sent or come since the count began, so nothing is wrong with it, whoever
 * scanned it when.
 */
export type Verdict = 'matched' | 'missing' | 'unexpected' | 'moved';

export interface CountedDevice {
  expected: boolean;
  scanned: boolean;
  arrived: boolean;
  seqSeen: number;
}

export interface DeviceNow {
  lastSeq: number;
  /** The books have it in stock at the counted location. */
  here: boolean;
}

/**
 * Only a device that the books expected, that nobody found and that nothing has happened to since is missing. One that was
 * sold since is not, even if it came back meanwhile: nobody can say where it was when the counter passed.
 */
export function verdictOf(counted: CountedDevice, now: DeviceNow): Verdict {
  if (counted.scanned && (counted.expected || counted.arrived)) return 'matched';
  if (counted.scanned) return now.here ? 'moved' : 'unexpected';
  return now.lastSeq === counted.seqSeen ? 'missing' : 'moved';
}

/** Found here: the books may have it in stock elsewhere, or have written it off. Anything else needs its own document. */
export const isTakeable = (state: DeviceState): boolean => state === 'in_stock' || state === 'missing';
