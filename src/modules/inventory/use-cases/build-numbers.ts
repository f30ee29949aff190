import { invalidField, parsePaste } from '../../../kernel';
import type { Identifier } from '../../../ledger';
import { sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { identifiersText } from '../domain/build';
import { stockBuildDevice, type StockBuildLineRow } from '../store/build.table';

export const MOST_BUILD_DEVICES = 500;

/** The numbers of a line as entered, a device a line. Throws 422 at `numbers` with the first line that cannot be read. */
export function readNumbers(text: string): Identifier[][] {
  const lines = parsePaste(text);
  if (lines.length > MOST_BUILD_DEVICES)
    throw invalidField('numbers', 'inventory:error.build_many', { max: MOST_BUILD_DEVICES });
  const seen = new Set<string>();
  return lines.map(({ identifiers, problems, text: typed }) => {
    const number = identifiers[0]?.value ?? typed.slice(0, 40);
    if (identifiers.length === 0 || problems.some(({ level }) => level !== 'note'))
      throw invalidField('numbers', 'inventory:error.build_number', { number });
    for (const { value } of identifiers) {
      if (seen.has(value)) throw invalidField('numbers', 'inventory:error.build_number_twice', { number: value });
      seen.add(value);
    }
    return identifiers.map(({ kind, value }) => ({ kind, value }));
  });
}

/** Writes them in place of those that the line had. */
export async function replaceNumbers(
  unit: Unit,
  { id: lineId, buildId }: Pick<StockBuildLineRow, 'id' | 'buildId'>,
  devices: readonly Identifier[][],
): Promise<void> {
  await unit.execute(sql`DELETE FROM stock_build_device WHERE line_id = ${lineId}`);
  if (devices.length === 0) return;
  const firstId = unit.takeIds(stockBuildDevice, devices.length);
  await unit.insert(
    stockBuildDevice,
    devices.map((numbers, index) => ({
      id: firstId + index,
      buildId,
      lineId,
      seq: index + 1,
      mainNumber: numbers[0]?.value ?? '',
      identifiers: identifiersText(numbers),
      deviceId: null,
    })),
  );
}
