import { type Ctx, percentText } from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { activeRates } from '../queries/tax-rates';

/** The rates of the company to choose from, with the one that the record has although it is not used any more. */
export async function taxRateField({ read }: Pick<Ctx, 'read'>, label: string, presentBp?: number): Promise<Field> {
  const rates = await activeRates(read);
  const options = rates.map(({ name, code, rateBp }) => ({
    value: percentText(rateBp),
    label: code === null ? name : `${name} · ${code}`,
  }));
  if (presentBp !== undefined && !rates.some(({ rateBp }) => rateBp === presentBp))
    options.push({ value: percentText(presentBp), label: `${percentText(presentBp)}%` });
  return { name: 'taxRate', label, type: 'select', choose: false, options };
}
