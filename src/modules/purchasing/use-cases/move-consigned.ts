import { type FieldProblem, invalid, parsePaste } from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, findByNumbers, post } from '../../../ledger';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import {
  consignedDevice,
  type ConsignedDeviceRow,
  type ConsignedTerms,
  consignedTerms,
  markConsignedSold,
  pickedDevices,
} from '../../inventory';
import { CONSIGNMENT_DOCUMENT, MOST_CONSIGNED } from '../domain/consignment';
import { buyConsignedPosting, giveBackPosting } from '../domain/consignment-settlement';
import { auditConsignment } from '../store/consignment.store';
import { consignment } from '../store/consignment.table';
import { supplier } from '../store/supplier.table';
import { checkedNote, EDIT_CONSIGNMENTS, newConsignment } from './consignment-receipt';
import { writeRows } from './settle-consigned';

export interface MoveConsigned {
  /** Back to the supplier, or bought from him. */
  kind: 'return' | 'purchase';
  supplierId: number;
  storeId: number;
  note: string;
  /** Numbers of the devices, a device a line, as scanned or pasted. */
  numbers: string;
}

/**
 * Unsold devices go back to their supplier, or become our own at the agreed price; at once in the books. Nothing is done when one
 * of the lines cannot be; each says why.
 */
export function moveConsigned(
  uow: UnitOfWork,
  actor: Actor,
  command: MoveConsigned,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number }> {
  authorise(actor, EDIT_CONSIGNMENTS, command.storeId);
  if (command.kind === 'purchase') authorise(actor, COST_PERMISSION, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      const party = await unit.get(supplier, command.supplierId);
      if (!party) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
      const note = checkedNote(command.note, fields);
      const devices = await devicesHere(unit, command, fields);
      if (fields.length > 0 || !party) throw invalid('errors:form', {}, fields.slice(0, 50));
      unit.needIds(deviceEvent, devices.length);
      const rows = await consignedRows(unit, devices);
      const sum = (of: (one: ConsignedDeviceRow) => number): number => rows.reduce((all, one) => all + of(one), 0);
      const document = await newConsignment(unit, command.kind, command.storeId, party, {
        state: 'posted',
        devices: devices.length,
        grossFen: sum((one) => one.priceFen),
        taxFen: sum((one) => one.taxFen),
        note,
        postedAt: unit.now,
        postedByName: actor.name,
      });
      const { id, number, storeId } = document;
      const posted = { id, number, storeId, businessDate: unit.today };
      await post(
        unit,
        command.kind === 'return'
          ? giveBackPosting(
              posted,
              party.name,
              devices.map(({ row }) => row),
            )
          : buyConsignedPosting(
              posted,
              party.id,
              devices.map(({ row, terms }) => ({ row, netFen: terms.netFen })),
            ),
      );
      await unit.insert(consignment, [document]);
      await writeRows(
        unit,
        id,
        rows.map((one) => ({
          consignedId: one.id,
          openItemId: null,
          agreedFen: one.priceFen,
          priceFen: one.priceFen,
          taxFen: one.taxFen,
        })),
        command.kind === 'return' ? 'returned' : null,
      );
      if (command.kind === 'purchase')
        await markConsignedSold(
          unit,
          rows.map((one) => one.id),
          { type: CONSIGNMENT_DOCUMENT, ...posted },
        );
      await auditConsignment(unit, document, 'post', { devices: devices.length });
      return { id, number, devices: devices.length };
    },
    options,
  );
}

interface Here {
  row: DeviceOnBooks;
  terms: ConsignedTerms;
}

async function consignedRows(unit: Unit, devices: readonly Here[]): Promise<ConsignedDeviceRow[]> {
  const ids = devices.map(({ terms }) => terms.id);
  const rows = new Map((await unit.lockRows(consignedDevice, ids)).map((one) => [one.id, one]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** The devices, locked, that are this supplier's in this store; what is wrong with a line is said at `numbers`. */
async function devicesHere(unit: Unit, command: MoveConsigned, fields: FieldProblem[]): Promise<Here[]> {
  const lines = parsePaste(command.numbers).filter(({ identifiers }) => identifiers.length > 0);
  const problem = (code: string, details: Record<string, unknown>): void =>
    void fields.push({ path: 'numbers', code: `purchasing:error.${code}`, details });
  if (lines.length === 0) fields.push({ path: 'numbers', code: 'errors:field.required' });
  if (lines.length > MOST_CONSIGNED) problem('consigned_many', { max: MOST_CONSIGNED });
  if (fields.length > 0) return [];
  const values = lines.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
  const held = new Map(
    (await findByNumbers(unit, [...new Set(values)]))
      .filter(({ active }) => active)
      .map((one) => [one.number, one.deviceId]),
  );
  const numbers = new Map<number, string>();
  for (const { identifiers } of lines) {
    const number = identifiers[0]?.value ?? '';
    const ids = new Set(identifiers.flatMap(({ value }) => held.get(value) ?? []));
    const [id] = ids;
    if (id === undefined || ids.size > 1) problem('consigned_unknown', { number });
    else if (!numbers.has(id)) numbers.set(id, number);
  }
  const onBooks = await devicesFor(unit, [...numbers.keys()]);
  const agreed = await consignedTerms(unit, [...numbers.keys()]);
  const picked = await pickedDevices(unit, [...numbers.keys()]);
  return [...numbers].flatMap(([id, number]): Here[] => {
    const row = onBooks.get(id);
    const terms = agreed.get(id);
    const why = row && terms ? problemOf(row, terms, command, picked.get(id)) : 'not_theirs';
    if (row && terms && why === null) return [{ row, terms }];
    problem(`consigned_${why}`, { number, transfer: picked.get(id) ?? '' });
    return [];
  });
}

/** What was lost can be bought: it must be paid for. */
function problemOf(
  row: DeviceOnBooks,
  { supplierId }: ConsignedTerms,
  command: MoveConsigned,
  transfer: string | undefined,
): 'not_theirs' | 'elsewhere' | 'in_transfer' | null {
  if (supplierId !== command.supplierId || row.ownership !== 'consigned') return 'not_theirs';
  const lost = command.kind === 'purchase' && row.state === 'missing';
  if ((row.state !== 'in_stock' && !lost) || row.storeId !== command.storeId) return 'elsewhere';
  return transfer === undefined ? null : 'in_transfer';
}
