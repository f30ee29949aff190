import { emptyToNull, type FieldProblem, invalid, invalidField, normaliseName } from '../../../kernel';
import { findByNumbers } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { componentsOf, type SkuCard, skusByCodes, skusByIds } from '../../catalog';
import { getStore, locationsByIds } from '../../organization';
import { BUILD_KINDS, type BuildKind, PART_BUCKETS, sideOf } from '../domain/build';
import { auditBuild, buildAfter, lockBuild } from '../store/build.store';
import { stockBuild, stockBuildLine, type StockBuildLineRow } from '../store/build.table';
import { readNumbers, replaceNumbers } from './build-numbers';

export const EDIT_BUILDS = 'inventory.build.edit';
export const MOST_BUILT = 10_000;

const NUMBERS = { assemble: 'ZZ', take_apart: 'CF' } as const satisfies Record<BuildKind, string>;
export const buildNumbers = (kind: BuildKind): string => NUMBERS[kind];

export interface CreateBuild {
  kind: string;
  locationId: number;
  /** Code or barcode of the product; may be left out where `numbers` say which device is taken apart. */
  code: string;
  pieces: number;
  /** As what parts come in; '' for sellable. */
  bucket: string;
  note: string;
  /** Of the product, where it has serial numbers; may follow later. */
  numbers: string;
}

/** Begins a draft with the components of the product's bill of materials. */
export function createBuild(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateBuild,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const location = (await locationsByIds(unit, [command.locationId])).get(command.locationId);
      if (!location?.active) throw invalidField('locationId', 'errors:field.required');
      authorise(actor, EDIT_BUILDS, location.storeId);
      const head = checkedHead(command);
      const product = await productOf(unit, command);
      const numbers = readNumbers(command.numbers);
      if (numbers.length > 0 && product.tracking !== 'serial')
        throw invalidField('numbers', 'inventory:error.build_not_serial', { name: product.name });
      const components = (await componentsOf(unit, [product.id])).get(product.id) ?? [];
      if (head.kind === 'assemble' && components.length === 0)
        throw invalidField('code', 'inventory:error.build_no_bill', { name: product.name });
      const store = await getStore(unit, location.storeId);
      const id = unit.takeIds(stockBuild);
      const number = unit.documentNumber(NUMBERS[head.kind], store.code, unit.today);
      await unit.insert(stockBuild, [
        {
          ...head,
          id,
          number,
          storeId: store.id,
          locationId: location.id,
          businessDate: unit.today,
          skuId: product.id,
          state: 'draft',
          valueFen: null,
          postedAt: null,
          reversalNumber: null,
          createdAt: unit.now,
          createdBy: actor.userId,
          createdByName: actor.name,
          version: 1,
        },
      ]);
      const lineId = await insertLines(unit, id, head.kind, [
        { skuId: product.id, quantity: head.pieces },
        ...components.map(({ skuId, quantity }) => ({ skuId, quantity: quantity * head.pieces })),
      ]);
      await replaceNumbers(unit, { id: lineId, buildId: id }, numbers);
      await auditBuild(unit, { id, number, storeId: store.id }, 'create', { name: product.name, pieces: head.pieces });
      return { id, number };
    },
    options,
  );
}

/** A draft that is not wanted any more. */
export function cancelBuild(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockBuild(unit, id, version);
      authorise(actor, EDIT_BUILDS, row.storeId);
      await unit.update(stockBuild, id, { state: buildAfter(row, 'cancel') }, version);
      await auditBuild(unit, row, 'cancel');
      return { number: row.number };
    },
    options,
  );
}

function checkedHead(command: CreateBuild) {
  const fields: FieldProblem[] = [];
  const kind = BUILD_KINDS.find((one) => one === command.kind);
  if (!kind) fields.push({ path: 'kind', code: 'errors:field.required' });
  const { pieces } = command;
  if (!Number.isSafeInteger(pieces) || pieces < 1 || pieces > MOST_BUILT)
    fields.push({ path: 'pieces', code: 'inventory:error.build_pieces', details: { max: MOST_BUILT } });
  const wanted = PART_BUCKETS.find((one) => one === (command.bucket || 'sellable'));
  if (!wanted) fields.push({ path: 'bucket', code: 'errors:field.invalid' });
  const note = emptyToNull(normaliseName(command.note));
  if ([...(note ?? '')].length > 400)
    fields.push({ path: 'note', code: 'errors:field.too_long', details: { max: 400 } });
  if (fields.length > 0 || !kind || !wanted) throw invalid('errors:form', {}, fields);
  // What is put together is for sale; only parts may turn out not to be.
  return { kind, pieces, note, intoBucket: kind === 'assemble' ? ('sellable' as const) : wanted };
}

async function productOf(read: Reader, { code, numbers }: CreateBuild): Promise<SkuCard> {
  const card = code.trim() === '' ? await productOfNumber(read, numbers) : (await skusByCodes(read, [code])).get(code);
  if (!card) throw invalidField('code', 'inventory:error.build_unknown', { code: code.trim() });
  if (card.tracking === 'service') throw invalidField('code', 'inventory:error.build_service', { name: card.name });
  return card;
}

async function productOfNumber(read: Reader, text: string): Promise<SkuCard | undefined> {
  const number = readNumbers(text)[0]?.[0]?.value;
  if (number === undefined) throw invalidField('code', 'errors:field.required');
  const found = (await findByNumbers(read, [number])).find(({ active }) => active);
  return found && (await skusByIds(read, [found.skuId])).get(found.skuId);
}

/** The first is the product. Answers the id of its line. */
async function insertLines(
  unit: Unit,
  buildId: number,
  kind: BuildKind,
  lines: readonly { skuId: number; quantity: number }[],
): Promise<number> {
  const firstId = unit.takeIds(stockBuildLine, lines.length);
  await unit.insert(
    stockBuildLine,
    lines.map((line, index): StockBuildLineRow => ({
      ...line,
      id: firstId + index,
      buildId,
      lineNo: index + 1,
      direction: sideOf(kind, index === 0),
      batchCode: null,
      expiresOn: null,
      weightFen: null,
      valueFen: null,
    })),
  );
  return firstId;
}
