import { DomainError, fen, type FieldProblem, invalid } from '../../../kernel';
import type { Unit } from '../../../platform/unit-of-work';
import { MOST_CONSIGNED } from '../domain/consignment';
import type { LineToPost } from '../domain/sale-posting';
import { typedDevices } from '../domain/typed-devices';
import { rowsWithPartner, settledBefore } from '../queries/partner-devices';
import { findTyped } from '../queries/typed-devices';
import { consignment, type ConsignmentDeviceRow, type ConsignmentRow } from '../store/consignment.table';

/** A device that the partner reported sold, and for how much it is settled. */
export interface Reported {
  row: ConsignmentDeviceRow;
  soldFen: number;
}

/** One device as it is sold: what it is settled for and what leaves the books with it. */
export interface SoldByPartner extends Reported {
  skuId: number;
  taxRateBp: number;
  netFen: number;
  taxFen: number;
  line: LineToPost & { device: { costFen: number } };
}

/** A device as a line of a sale: sold at the agreed price, without a discount. */
export const pricedOf = ({ soldFen, netFen, taxFen }: SoldByPartner) => ({
  quantity: 1,
  listPriceFen: soldFen,
  discountFen: 0,
  amountFen: fen(soldFen),
  netFen: fen(netFen),
  taxFen: fen(taxFen),
});

/**
 * What was ticked and typed, each found with this partner, under the lock of its consignment. Throws errors:form at `numbers` with
 * every line that cannot be settled, and 409 when something changed while it was looked up.
 */
export async function soldByPartner(
  unit: Unit,
  partner: Pick<ConsignmentRow, 'storeId' | 'customerId' | 'number'>,
  { rows, numbers }: { rows: readonly number[]; numbers: string },
): Promise<{ reported: Reported[]; consignments: ConsignmentRow[] }> {
  const lines = typedDevices(numbers);
  const problem = (code: string, details: Record<string, unknown> = {}): FieldProblem => ({
    path: 'numbers',
    code: `sales:error.${code}`,
    details,
  });
  if (lines.length === 0 && rows.length === 0) throw invalid('errors:form', {}, [problem('settlement_nothing')]);
  if (lines.length + rows.length > MOST_CONSIGNED)
    throw invalid('errors:form', {}, [problem('consignment_many', { max: MOST_CONSIGNED })]);
  const typed = await findTyped(unit, lines);
  const wanted = { rows, devices: [...typed.devices.keys()] };
  const seen = await rowsWithPartner(unit, partner, wanted);
  const outs = [...new Set(seen.map(({ outId }) => outId))].sort((a, b) => a - b);
  const consignments = await unit.lockRows(consignment, outs);
  // Under the locks nobody settles or takes back what these consignments hold.
  const held = await rowsWithPartner(unit, partner, wanted);
  const ids = new Set(held.map(({ id }) => id));
  if (held.length < seen.length || rows.some((id) => !ids.has(id)))
    throw new DomainError('sales:error.consignment_over', { status: 409, details: { number: partner.number } });
  const here = new Set(held.map(({ deviceId }) => deviceId));
  const strangers = [...typed.devices].filter(([deviceId]) => !here.has(deviceId));
  const before = await settledBefore(
    unit,
    strangers.map(([deviceId]) => deviceId),
  );
  const problems = [
    ...typed.unknown.map(({ numbers: [number], text }) => problem('consignment_unknown', { number: number ?? text })),
    ...strangers.map(([deviceId, line]) => {
      const settlement = before.get(deviceId);
      const number = line.numbers[0] ?? line.text;
      return settlement === undefined
        ? problem('settlement_not_here', { number })
        : problem('settlement_already', { number, settlement });
    }),
    ...[...typed.devices.values()]
      .filter(({ priceFen }) => priceFen !== null && priceFen <= 0)
      .map((line) => problem('consignment_no_price', { number: line.numbers[0] ?? line.text })),
  ];
  if (problems.length > 0) throw invalid('errors:form', {}, problems.slice(0, 50));
  const reported = held.map((row) => ({ row, soldFen: typed.devices.get(row.deviceId)?.priceFen ?? row.priceFen }));
  return { reported, consignments };
}
