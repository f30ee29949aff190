import { invalidField, normaliseName, notFound, stale } from '../../../kernel';
import { duplicateKey, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { nameKey } from '../domain/variant';
import { tac } from '../store/catalog.table';

export interface TacCommand {
  /** Eight digits. */
  code: string;
  brand: string;
  /** The makers' names of the models, as printed. */
  models: string;
  /** Name or model number of one of our products; '' for none. */
  product: string;
}

/** Notes which model the first eight digits of an IMEI mean. Throws DomainError for a TAC that is there already. */
export function createTac(
  uow: UnitOfWork,
  actor: Actor,
  command: TacCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'catalog.product.edit');
  return uow.run(
    actor,
    async (unit) => {
      const code = command.code.normalize('NFKC').replace(/\s/g, '');
      if (!/^\d{8}$/.test(code)) throw invalidField('code', 'catalog:tac.error.code');
      const words = await checkedWords(unit, command);
      const id = unit.takeIds(tac);
      try {
        await unit.insert(tac, [{ id, code, ...words, updatedAt: unit.now }]);
      } catch (error) {
        throw duplicateKey(error) ? invalidField('code', 'catalog:tac.error.taken', { code }) : error;
      }
      await unit.audit({ action: 'catalog.tac.create', subjectType: 'catalog.tac', subjectId: id, detail: { code } });
      return { id };
    },
    options,
  );
}

/** `updatedAt`: as it was when the page was shown; somebody else's change since then makes the page stale. */
export function updateTac(
  uow: UnitOfWork,
  actor: Actor,
  command: Omit<TacCommand, 'code'> & { id: number; updatedAt: number },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.product.edit');
  return uow.run(
    actor,
    async (unit) => {
      await unit.lock(tac, [command.id]);
      const before = await unit.get(tac, command.id);
      if (!before) throw notFound('catalog.tac', command.id);
      if (before.updatedAt !== command.updatedAt) throw stale();
      const words = await checkedWords(unit, command);
      // Two changes within a millisecond are two changes.
      const updatedAt = Math.max(unit.now, before.updatedAt + 1);
      await unit.update(tac, command.id, { ...words, updatedAt });
      await unit.audit({
        action: 'catalog.tac.update',
        subjectType: 'catalog.tac',
        subjectId: command.id,
        detail: { code: before.code, ...words },
      });
    },
    options,
  );
}

async function checkedWords(
  read: Reader,
  { brand, models, product }: Omit<TacCommand, 'code'>,
): Promise<{ brandText: string | null; modelText: string; productId: number | null }> {
  const brandText = normaliseName(brand) || null;
  const modelText = normaliseName(models);
  if (!modelText) throw invalidField('models', 'errors:field.required');
  if (modelText.length > 120) throw invalidField('models', 'catalog:import.problem.too_long', { max: 120 });
  if (brandText && brandText.length > 60) throw invalidField('brand', 'catalog:import.problem.too_long', { max: 60 });
  return { brandText, modelText, productId: await productCalled(read, normaliseName(product)) };
}

async function productCalled(read: Reader, text: string): Promise<number | null> {
  if (!text) return null;
  const rows = await read.all<{ id: number }>(
    sql`SELECT id FROM product WHERE name_key = ${nameKey(text)} OR model_number = ${text} ORDER BY id ${sql.limit(2)}`,
  );
  const [found] = rows;
  if (!found) throw invalidField('product', 'catalog:tac.error.unknown_product', { text });
  if (rows.length > 1) throw invalidField('product', 'catalog:tac.error.several_products', { text });
  return found.id;
}
