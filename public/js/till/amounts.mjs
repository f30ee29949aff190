// Fen as people read and type them. Amounts are whole numbers of fen everywhere else.

const MINUS = '−';

/** 123456 → "1,234.56" */
export function money(fen) {
  const size = Math.abs(fen);
  const yuan = String(Math.floor(size / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? MINUS : ''}${yuan}.${String(size % 100).padStart(2, '0')}`;
}

/** 123456 → "¥1,234.56" */
export const yuan = (fen) => (fen < 0 ? `${MINUS}¥${money(-fen)}` : `¥${money(fen)}`);

/** 123456 → "1234.56", for fields. */
export const plain = (fen) => `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;

/** What was typed → fen, or null when it is no amount of at most two decimals. */
export function toFen(typed) {
  const text = typed.normalize('NFKC').replace(/[\s,¥￥元]/g, '');
  const match = /^(\d{0,9})(?:\.(\d{0,2}))?$/.exec(text);
  if (!match || (match[1] === '' && !match[2])) return null;
  return Number(match[1] || '0') * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** Fifteen digits grouped 2-6-6-1; anything else as it is. */
export const groupImei = (text) => /^\d{15}$/.test(text) ? text.replace(/^(\d{2})(\d{6})(\d{6})(\d)$/, '$1 $2 $3 $4') : text;

/** Notes a customer is likely to hand over for an amount: exact, then the next round sums, smallest first, at most four. */
export function quickCash(dueFen) {
  if (dueFen <= 0) return [];
  const rounded = [1000, 5000, 10_000, 50_000].map((step) => Math.ceil(dueFen / step) * step);
  return [...new Set([dueFen, ...rounded])].sort((a, b) => a - b).slice(0, 4);
}
