import { type FieldProblem, forbidden, invalid, invalidField, isBusinessDate, notFound } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION, seesCostIn } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { MAX_QUANTITY, priceProblem } from '../domain/receipt-lines';
import { getSupplierPrice } from '../queries/supplier-prices';
import { supplierPrice } from '../store/supplier-price.table';
import { supplier } from '../store/supplier.table';

export const EDIT_PRICES = 'purchasing.price.edit';

export interface PriceTerms {
  fromOn: string;
  untilOn: string | null;
  /** Left empty: 1. */
  minQuantity: number | null;
  packSize: number | null;
  unitPriceFen: number | null;
}

/** What a supplier asks is cost: who sees none of it in any store changes none. */
export function authorisePrices(actor: Actor): void {
  authorise(actor, EDIT_PRICES);
  if (!seesCostIn(actor, actor.scope(EDIT_PRICES), null)) throw forbidden(COST_PERMISSION);
}

export function addSupplierPrice(
  uow: UnitOfWork,
  actor: Actor,
  command: PriceTerms & { supplierId: number; skuId: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorisePrices(actor);
  return uow.run(
    actor,
    async (unit) => {
      const { supplierId, skuId } = command;
      if (!(await unit.get(supplier, supplierId))) throw notFound('purchasing.supplier', supplierId);
      const card = (await skusByIds(unit, [skuId])).get(skuId);
      if (!card || card.tracking === 'service') throw invalidField('sku', 'purchasing:error.sku_unknown');
      const terms = checkTerms(command);
      const id = unit.takeIds(supplierPrice);
      const made = { createdAt: unit.now, createdByName: unit.actor.name, version: 1 };
      try {
        await unit.insert(supplierPrice, [{ id, supplierId, skuId, ...terms, ...made }]);
      } catch (error) {
        throw duplicateKey(error) ? taken() : error;
      }
      await auditPrice(unit, supplierId, 'create', said(card.code, terms));
      return { id };
    },
    options,
  );
}

export function changeSupplierPrice(
  uow: UnitOfWork,
  actor: Actor,
  command: PriceTerms & { supplierId: number; priceId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorisePrices(actor);
  return uow.run(
    actor,
    async (unit) => {
      const before = await getSupplierPrice(unit, command.supplierId, command.priceId);
      const terms = checkTerms(command);
      try {
        await unit.update(supplierPrice, before.id, terms, command.version);
      } catch (error) {
        throw duplicateKey(error) ? taken() : error;
      }
      const code = (await skusByIds(unit, [before.skuId])).get(before.skuId)?.code;
      await auditPrice(unit, before.supplierId, 'edit', said(code, terms));
      return { id: before.id };
    },
    options,
  );
}

/** The price itself is cost, which not every reader of the audit log may see. */
const said = (code: string | undefined, { fromOn, minQuantity }: ReturnType<typeof checkTerms>) => ({
  code,
  fromOn,
  minQuantity,
});

const taken = () => invalidField('fromOn', 'purchasing:error.price_taken');

/** Throws 'errors:form' with every field that is wrong. */
export function checkTerms(command: PriceTerms): {
  fromOn: string;
  untilOn: string | null;
  minQuantity: number;
  packSize: number;
  unitPriceFen: number;
} {
  const { fromOn, untilOn, unitPriceFen } = command;
  const [minQuantity, packSize] = [command.minQuantity ?? 1, command.packSize ?? 1];
  const fields: FieldProblem[] = [];
  for (const [path, day] of Object.entries({ fromOn, untilOn }))
    if (day !== null && !isBusinessDate(day)) fields.push({ path, code: 'purchasing:error.date' });
  if (untilOn !== null && untilOn < fromOn) fields.push({ path: 'untilOn', code: 'purchasing:error.price_until' });
  for (const [path, pieces] of Object.entries({ minQuantity, packSize }))
    if (pieces < 1 || pieces > MAX_QUANTITY) fields.push({ path, code: 'purchasing:error.quantity' });
  const price = unitPriceFen === null || unitPriceFen === 0 ? 'errors:field.required' : priceProblem(unitPriceFen);
  if (price) fields.push({ path: 'unitPrice', code: price });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { fromOn, untilOn, minQuantity, packSize, unitPriceFen: unitPriceFen ?? 0 };
}

export async function auditPrice(
  unit: Unit,
  supplierId: number,
  what: 'create' | 'edit' | 'import',
  detail: Record<string, unknown>,
): Promise<void> {
  await unit.audit({
    action: `purchasing.supplier_price.${what}`,
    subjectType: 'purchasing.supplier',
    subjectId: supplierId,
    detail,
  });
}
