import { normaliseCode } from '../../../kernel';

export const MOST_COMPONENTS = 50;
export const MOST_PIECES_EACH = 999;

export interface TypedComponent {
  /** From 1, empty lines counted. */
  line: number;
  /** Code or barcode; as people typed it. */
  code: string;
  /** Null: not a whole number from 1 to 999. */
  quantity: number | null;
}

/** Reads "CD67 × 2", "CD67 2" or "CD67": a component a line, one piece unless said otherwise. */
export function readComponents(text: string): TypedComponent[] {
  return text.split(/\r?\n/).flatMap((typed, index): TypedComponent[] => {
    const words = typed
      .normalize('NFKC')
      .trim()
      .split(/[\s,;×*]+/)
      .filter(Boolean);
    const [code, quantity = '1', ...more] = words;
    if (code === undefined) return [];
    const pieces = more.length === 0 && /^\d{1,3}$/.test(quantity) ? Number(quantity) : 0;
    return [{ line: index + 1, code: normaliseCode(code), quantity: pieces > 0 ? pieces : null }];
  });
}

/**
 * A way from one of `components` back to `product` along the bills of materials; null when there is none. The first of
 * the way is the component, the last the product.
 */
export function cycleOf(
  product: number,
  components: readonly number[],
  bills: ReadonlyMap<number, readonly number[]>,
): number[] | null {
  const seen = new Set<number>();
  const walk = (at: number, way: readonly number[]): number[] | null => {
    const here = [...way, at];
    if (at === product) return here;
    if (seen.has(at)) return null;
    seen.add(at);
    for (const next of bills.get(at) ?? []) {
      const found = walk(next, here);
      if (found) return found;
    }
    return null;
  };
  for (const component of components) {
    const found = walk(component, []);
    if (found) return found;
  }
  return null;
}
