import type { DeviceMove, DeviceOnBooks, DevicePlace, PostedDocument, Posting } from '../../../ledger';

export const TEST_STATES = ['posted', 'reversed'] as const;
export type TestState = (typeof TEST_STATES)[number];

/** `none`: not looked at, or the model has no such thing. */
export const TEST_OUTCOMES = ['pass', 'fail', 'none'] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];

export interface TestFinding {
  grade: string;
  /** Percent; null: not read. */
  batteryHealth: number | null;
  /** How many checks failed. */
  failed: number;
}

/** The device stays where it is; its grade and battery health are what was found. */
export function testPosting(document: PostedDocument, row: DeviceOnBooks, finding: TestFinding): Posting {
  const { grade, batteryHealth, failed } = finding;
  const move: DeviceMove = {
    kind: 'move',
    deviceId: row.id,
    from: place(row),
    to: place(row),
    event: 'graded',
    set: { grade, batteryHealth },
    detail: { reason: grade, batteryHealth, failed },
  };
  return { document, devices: [move], stock: [], journal: [], openItems: [] };
}

const place = ({ state, storeId, locationId, bucket, ownership }: DeviceOnBooks): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});
