import type { DeviceMove, DeviceOnBooks, DevicePlace, Identifier, PostedDocument, Posting } from '../../../ledger';
import type { NumberLine, NumberReason } from './number-change';

/**
 * Devices stay where they are and change numbers, nothing else. A number that replaces another comes first on both sides, so
 * that the ledger gives it the place of the one it replaces.
 */
export function numberPosting(
  document: PostedDocument,
  change: { reason: NumberReason; lines: readonly NumberLine[]; devices: ReadonlyMap<number, DeviceOnBooks> },
): Posting {
  const byDevice = Map.groupBy(change.lines, ({ deviceId }) => deviceId);
  return {
    document,
    devices: [...byDevice].flatMap(([deviceId, lines]): DeviceMove[] => {
      const row = change.devices.get(deviceId);
      if (!row) return [];
      const replaced = lines.filter(({ before, after }) => before && after);
      const ordered = [...replaced, ...lines.filter((line) => !replaced.includes(line))];
      return [
        {
          kind: 'move',
          deviceId,
          from: place(row),
          to: place(row),
          event: 'numbers_changed',
          numbers: {
            end: ordered.flatMap(({ before }): Identifier[] => (before ? [before] : [])),
            add: ordered.flatMap(({ after }): Identifier[] => (after ? [after] : [])),
          },
          detail: { numberReason: change.reason },
        },
      ];
    }),
    stock: [],
    journal: [],
    openItems: [],
  };
}

const place = ({ state, storeId, locationId, bucket, ownership }: DeviceOnBooks): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});
