import { invalid, invalidField } from '../../../kernel';
import { recordSet } from '../../../platform/configuration';
import { type Reader, sql } from '../../../platform/database';
import { activeRates, TAX_RATES } from '../queries/tax-rates';

/** The rates of value added tax that categories and products may have. */
export const taxRateConfiguration = recordSet({
  module: 'catalog',
  id: 'taxRates',
  values: TAX_RATES,
  check: (records) => {
    const active = records.filter((record) => record.active);
    const twice = active.find(({ rateBp }, index) => active.findIndex((one) => one.rateBp === rateBp) !== index);
    if (twice) throw invalidField('rateBp', 'catalog:error.tax_rate_twice');
  },
  inUse: async (read, records) => {
    const used = await usedRates(read);
    return new Map(
      records.flatMap(({ id, rateBp }): [number, number][] => {
        const count = used.get(rateBp) ?? 0;
        return count > 0 ? [[id, count]] : [];
      }),
    );
  },
});

/** How many active categories and products have each rate. */
async function usedRates(read: Reader): Promise<Map<number, number>> {
  const used = new Map<number, number>();
  for (const rows of [
    await read.all<{ rateBp: number; n: number }>(
      sql`SELECT tax_rate_bp AS rate_bp, COUNT(*) AS n FROM category WHERE active = ${true} GROUP BY tax_rate_bp`,
    ),
    await read.all<{ rateBp: number; n: number }>(
      sql`SELECT tax_rate_bp AS rate_bp, COUNT(*) AS n FROM product WHERE active = ${true} GROUP BY tax_rate_bp`,
    ),
  ])
    for (const { rateBp, n } of rows) used.set(Number(rateBp), (used.get(Number(rateBp)) ?? 0) + Number(n));
  return used;
}

/** Throws 422 at the field for a rate that is not one of the company's; `before` is what the record has already and may keep. */
export async function requireTaxRate(read: Reader, rateBp: number, before?: number, path = 'taxRate'): Promise<void> {
  if (rateBp === before) return;
  if (!Number.isInteger(rateBp) || rateBp < 0 || rateBp > 10_000) throw invalidField(path, 'errors:tax.rate');
  const rates = await activeRates(read);
  if (rates.some((one) => one.rateBp === rateBp)) return;
  const details = { rates: rates.map(({ name }) => name).join('、') };
  throw invalid('errors:form', {}, [{ path, code: 'catalog:error.tax_rate', details }]);
}
