import { fen, type FieldProblem, invalid, splitTax } from '../../../kernel';
import { findByNumbers } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { consignedDevice, type ConsignedDeviceRow } from '../../inventory';
import { MOST_CONSIGNED } from '../domain/consignment';
import { type DeviceNumbers, deviceNumbers, identifiersOf, valuesOf } from '../domain/device-numbers';
import { readPaste } from '../domain/read-scans';
import { auditConsignment, receivedDevices } from '../store/consignment.store';
import { consignment, type ConsignmentRow } from '../store/consignment.table';
import { draftFor } from './consignment-receipt';

export interface AddConsigned {
  id: number;
  version: number;
  skuId: number | null;
  /** What the supplier gets for one of them, with tax. */
  priceFen: number | null;
  taxRateBp: number | null;
  /** Devices as scanned or pasted, one a line; up to two IMEIs of a phone on a line. */
  numbers: string;
}

/** Adds devices of one product at one agreed price to a draft. Nothing is added when one line is wrong; each says why. */
export function addConsigned(
  uow: UnitOfWork,
  actor: Actor,
  command: AddConsigned,
  options?: RunOptions,
): Promise<{ added: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draftFor(unit, actor, command);
      const present = await receivedDevices(unit, row.id);
      const fields: FieldProblem[] = [];
      const sku = command.skuId === null ? undefined : (await skusByIds(unit, [command.skuId])).get(command.skuId);
      if (!sku) fields.push({ path: 'sku', code: 'purchasing:error.consigned_sku' });
      else if (sku.tracking !== 'serial') fields.push({ path: 'sku', code: 'purchasing:error.consigned_serial' });
      if (command.priceFen === null || command.priceFen <= 0)
        fields.push({ path: 'price', code: 'purchasing:error.line_without_price' });
      const taxRateBp = command.taxRateBp ?? 0;
      if (command.taxRateBp === null || taxRateBp < 0 || taxRateBp > 10_000)
        fields.push({ path: 'taxRate', code: 'errors:field.invalid' });
      const devices = await readDevices(unit, command.numbers, present, fields);
      if (fields.length > 0 || !sku) throw invalid('errors:form', {}, fields);
      const { grossFen: priceFen, taxFen } = splitTax(fen(command.priceFen ?? 0), taxRateBp);
      const firstId = unit.takeIds(consignedDevice, devices.length);
      const seq = present.at(-1)?.seq ?? 0;
      const added = devices.map((one, index): ConsignedDeviceRow => ({
        id: firstId + index,
        receiptId: row.id,
        seq: seq + index + 1,
        supplierId: row.supplierId,
        skuId: sku.id,
        deviceId: null,
        mainNumber: one.mainNumber,
        numbers: identifiersOf(one),
        priceFen,
        taxRateBp,
        taxFen,
        state: 'draft',
        storeId: row.storeId,
        receivedOn: null,
        sourceType: null,
        sourceId: null,
        sourceNumber: null,
        sourceOn: null,
      }));
      await unit.insert(consignedDevice, added);
      await writeTotals(unit, row, [...present, ...added]);
      await auditConsignment(unit, row, 'add', { devices: added.length, skuId: sku.id });
      return { added: added.length };
    },
    options,
  );
}

/** Takes devices off a draft again. */
export function removeConsigned(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number; rows: readonly number[] },
  options?: RunOptions,
): Promise<{ removed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draftFor(unit, actor, command);
      const present = await receivedDevices(unit, row.id);
      const wanted = new Set(command.rows);
      const gone = present.filter(({ id }) => wanted.has(id));
      if (gone.length === 0) throw invalid('purchasing:error.consigned_nothing');
      for (const chunk of chunked(gone))
        await unit.execute(
          sql`DELETE FROM consigned_device WHERE receipt_id = ${row.id} AND id IN (${sql.list(chunk.map(({ id }) => id))})`,
        );
      await writeTotals(
        unit,
        row,
        present.filter(({ id }) => !wanted.has(id)),
      );
      await auditConsignment(unit, row, 'remove', { devices: gone.length });
      return { removed: gone.length };
    },
    options,
  );
}

async function writeTotals(unit: Unit, row: ConsignmentRow, rows: readonly ConsignedDeviceRow[]): Promise<void> {
  const sum = (of: (one: ConsignedDeviceRow) => number): number => rows.reduce((total, one) => total + of(one), 0);
  const totals = { devices: rows.length, grossFen: sum((one) => one.priceFen), taxFen: sum((one) => one.taxFen) };
  await unit.update(consignment, row.id, totals, row.version);
}

/** The devices of a list, none of which is in the draft or at a place of the books that it cannot come from. */
async function readDevices(
  unit: Unit,
  text: string,
  present: readonly ConsignedDeviceRow[],
  fields: FieldProblem[],
): Promise<DeviceNumbers[]> {
  const problem = (code: string, details: Record<string, unknown>): void => {
    if (fields.length < 50) fields.push({ path: 'numbers', code, details });
  };
  const taken = new Set(present.flatMap(({ numbers }) => numbers.map(({ value }) => value)));
  const found: DeviceNumbers[] = [];
  for (const { line, text: typed, identifiers, problems } of readPaste(text, {
    lineId: null,
    imeisPerDevice: 2,
    overrides: new Set(),
  })) {
    const numbers = deviceNumbers(identifiers);
    const bad = problems.find(({ level }) => level !== 'note');
    if (bad) problem('purchasing:error.consigned_number', { line, text: typed.slice(0, 40) });
    else if (numbers === null || typeof numbers !== 'object')
      problem('purchasing:error.consigned_number', { line, text: typed.slice(0, 40) });
    else if (valuesOf(numbers).some((value) => taken.has(value)))
      problem('purchasing:error.consigned_twice', { line, number: numbers.mainNumber });
    else {
      for (const value of valuesOf(numbers)) taken.add(value);
      found.push(numbers);
    }
  }
  if (found.length === 0 && fields.length === 0) fields.push({ path: 'numbers', code: 'errors:field.required' });
  if (found.length + present.length > MOST_CONSIGNED)
    problem('purchasing:error.consigned_many', { max: MOST_CONSIGNED });
  const held = await findByNumbers(unit, found.flatMap(valuesOf));
  for (const { number, active, state } of held)
    if (active && state !== 'returned_to_supplier') problem('purchasing:error.number_in_books', { number });
  return found;
}
