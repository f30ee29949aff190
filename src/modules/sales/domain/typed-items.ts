import { invalid, parseMoney } from '../../../kernel';
import { MAX_QUANTITY } from './sale';

export interface TypedItem {
  /** Line in the box, from 1. */
  line: number;
  code: string;
  quantity: number;
  discountFen: number;
}

const ITEM = /^(?<code>.*?)(?:\s*[x×*]\s*(?<quantity>\d{1,5}))?(?:\s+-\s*(?<off>\d[\d,]*(?:\.\d{1,2})?))?$/iu;

/**
 * Reads the box of the plain sale form: one item a line, `code`, `code x2`, `code x2 -30` (thirty yuan off the line).
 * Empty lines are left out. Throws errors:form with a problem per line.
 */
export function typedItems(text: string): TypedItem[] {
  const problems: { path: string; code: string; details: Record<string, unknown> }[] = [];
  const items: TypedItem[] = [];
  text.split(/\r?\n/).forEach((typed, index) => {
    const plain = typed.normalize('NFKC').replace(/[−–—]/g, '-').trim();
    if (plain === '') return;
    const { code = '', quantity, off } = ITEM.exec(plain)?.groups ?? {};
    const pieces = quantity === undefined ? 1 : Number(quantity);
    if (code === '' || pieces < 1 || pieces > MAX_QUANTITY)
      problems.push({
        path: 'items',
        code: 'sales:error.item_line',
        details: { line: index + 1, text: plain.slice(0, 40) },
      });
    else
      items.push({
        line: index + 1,
        code: code.trim(),
        quantity: pieces,
        discountFen: off === undefined ? 0 : parseMoney(off),
      });
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return items;
}
