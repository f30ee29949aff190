import type { Figure } from './measurement';

const LOCALE = 'en';

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString(LOCALE, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function figureTable(figures: readonly Figure[]): string {
  const head = ['measurement', 'database', 'value', 'spread', 'ceiling', 'share', 'target', ''];
  return table([
    head,
    head.map((cell) => '-'.repeat(cell.length)),
    ...figures.map(({ name, database, value, unit, spread, ceiling, share, target }) => [
      name,
      database,
      `${number(value)} ${unit}`,
      spread === 0 ? '' : `± ${percent(spread)}`,
      ceiling ? `${number(ceiling.value)} (${ceiling.name})` : '',
      share === undefined ? '' : percent(share),
      target?.text ?? '',
      target ? (target.met ? 'ok' : 'MISSED') : '',
    ]),
  ]);
}

/** What changed by more than both runs scattered. Shares of the ceiling are compared where there are any: they depend less on the machine. */
export function comparison(now: readonly Figure[], before: readonly Figure[]): string {
  const rows = now.flatMap((figure) => {
    const old = before.find(({ name, database }) => name === figure.name && database === figure.database);
    if (!old) return [[figure.name, figure.database, 'new', '', '', '']];
    const byShare = figure.share !== undefined && old.share !== undefined;
    const [from, to] = byShare ? [old.share ?? 0, figure.share ?? 0] : [old.value, figure.value];
    const more = byShare || figure.better === 'more';
    const change = from === 0 ? 0 : to / from - 1;
    const noise = Math.max(0.05, figure.spread + old.spread);
    const slower = more ? change < -noise : change > noise;
    const faster = more ? change > noise : change < -noise;
    const show = (value: number): string => (byShare ? percent(value) : `${number(value)} ${figure.unit}`);
    const verdict = slower ? 'SLOWER' : faster ? 'faster' : 'as before';
    return [
      [figure.name, figure.database, `${show(from)} → ${show(to)}`, percent(change), `± ${percent(noise)}`, verdict],
    ];
  });
  return table([['measurement', 'database', 'before → now', 'change', 'noise', ''], ...rows]);
}
