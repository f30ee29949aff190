import { foldDigits, invalidField, normaliseCode, normaliseName } from '../../../kernel';
import { type SkuCommand } from './new-sku';
import { nameKey, variantKey } from './variant';

export interface VariantLists {
  /** As typed: "12+256G、12+512G". Commas, enumeration marks and line ends part the values; blanks do not. */
  memories: string;
  colours: string;
  networks: string;
  /** Codes become PREFIX-01, PREFIX-02 …; left empty, every SKU gets a number of its own. */
  codePrefix: string;
}

export const MAX_VARIANTS = 200;

/** Every memory with every colour and network that is not there yet. Throws 422 when there are too many. */
export function generateVariants(
  lists: VariantLists,
  existing: readonly { variantKey: string; code: string }[] = [],
): SkuCommand[] {
  const axes = [
    split(lists.memories, 'memories', 30),
    split(lists.colours, 'colours', 30),
    split(lists.networks, 'networks', 30),
  ];
  const count = axes.reduce((product, axis) => product * Math.max(1, axis.length), 1);
  if (count > MAX_VARIANTS)
    throw invalidField('colours', 'catalog:error.too_many_variants', { count, max: MAX_VARIANTS });
  const known = new Set(existing.map((row) => row.variantKey));
  const [memories = [], colours = [], networks = []] = axes.map((axis): (string | null)[] =>
    axis.length > 0 ? axis : [null],
  );
  const variants = memories.flatMap((memory) =>
    colours.flatMap((colour) => networks.map((network) => ({ memory, colour, network }))),
  );
  const fresh = variants.filter((variant) => !known.has(variantKey(variant)));
  return withCodes(fresh, lists.codePrefix, new Set(existing.map((row) => row.code)));
}

function withCodes(variants: readonly SkuCommand[], typedPrefix: string, taken: ReadonlySet<string>): SkuCommand[] {
  const prefix = normaliseCode(typedPrefix);
  if (!prefix) return [...variants];
  if (!/^[A-Z0-9][A-Z0-9._-]{0,31}$/.test(prefix))
    throw invalidField('codePrefix', 'catalog:error.sku_code', { code: prefix });
  let next = 1;
  return variants.map((variant) => {
    let code: string;
    do code = `${prefix}-${String(next++).padStart(2, '0')}`;
    while (taken.has(code));
    return { ...variant, code };
  });
}

function split(text: string, field: string, longest: number): string[] {
  const values = new Map<string, string>();
  for (const part of text.split(/[,，、;；\n\r]+/)) {
    const value = normaliseName(part);
    if (!value) continue;
    if (value.length > longest) throw invalidField(field, 'errors:field.too_long', { max: longest });
    values.set(nameKey(foldDigits(value)), value);
  }
  return [...values.values()];
}
