import { emptyToNull, invalidField, normaliseCode, normaliseName } from '../../../kernel';
import { variantKey, type VariantAttributes } from './variant';

export interface SkuCommand extends VariantAttributes {
  /** Left out: a code is given (SP000123). */
  code?: string | null | undefined;
  /** EAN-13 and others, as printed on the box. */
  barcodes?: readonly string[];
}

export interface CheckedSku {
  code: string | null;
  memory: string | null;
  colour: string | null;
  network: string | null;
  variant: string | null;
  variantKey: string;
  barcodes: string[];
}

const LONGEST = { memory: 30, colour: 30, network: 30, variant: 60 } as const;
/** No blanks, and nothing that a label printer or an address cannot carry. */
const CODE = /^[A-Z0-9][A-Z0-9._/+-]{0,39}$/;
const BARCODE = /^[A-Z0-9.$/+% -]{3,40}$/;

/** Cleans what was typed; throws 422 with `prefix` before the field's name (`skus.2.`). */
export function checkSku(command: SkuCommand, prefix = ''): CheckedSku {
  const attribute = (name: keyof typeof LONGEST): string | null => {
    const text = emptyToNull(normaliseName(command[name] ?? ''));
    if (text && text.length > LONGEST[name])
      throw invalidField(`${prefix}${name}`, 'errors:field.too_long', { max: LONGEST[name] });
    return text;
  };
  const attributes = {
    memory: attribute('memory'),
    colour: attribute('colour'),
    network: attribute('network'),
    variant: attribute('variant'),
  };
  const code = normaliseCode(command.code ?? '');
  if (code && !CODE.test(code))
    throw invalidField(`${prefix}code`, 'catalog:error.sku_code', { code: code.slice(0, 40) });
  return {
    ...attributes,
    code: code || null,
    variantKey: variantKey(attributes),
    barcodes: checkBarcodes(command.barcodes ?? [], `${prefix}barcodes`),
  };
}

export function checkBarcodes(values: readonly string[], path = 'barcodes'): string[] {
  const barcodes = [...new Set(values.map(normaliseCode).filter(Boolean))];
  for (const value of barcodes)
    if (!BARCODE.test(value)) throw invalidField(path, 'catalog:error.barcode', { value: value.slice(0, 40) });
  return barcodes;
}

/** What people type into one field: separated by line ends, commas or blanks. */
export const splitBarcodes = (text: string): string[] => text.split(/[\s,，;；、|]+/).filter(Boolean);
