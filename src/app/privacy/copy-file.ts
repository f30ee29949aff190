import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Translate } from '../../platform/i18n';
import type { PersonalPart } from '../../platform/modules';
import { zipStream } from '../../platform/spreadsheet';
import type { Formatters } from '../../platform/views';
import type { PersonCopy } from './person';

export interface CopyWords {
  t: Translate;
  f: Pick<Formatters, 'money' | 'date' | 'dateTime'>;
  locale: string;
  /** Epoch milliseconds. */
  now: number;
}

/** A zip with one page to read and print, and the same as JSON for another program. */
export function copyFile(copy: PersonCopy, words: CopyWords): Promise<Buffer> {
  const data = {
    person: copy.code,
    writtenAt: new Date(words.now).toISOString(),
    parts: copy.parts.map((part) => ({
      title: words.t(part.title),
      rows: part.rows.map((row) =>
        Object.fromEntries(part.columns.map(({ label, type }, at) => [words.t(label), plain(row[at] ?? null, type)])),
      ),
    })),
  };
  return buffer(
    Readable.from(
      zipStream([
        { name: 'data.html', content: [page(copy, words)] },
        { name: 'data.json', content: [`${JSON.stringify(data, undefined, 2)}\n`] },
      ]),
      { objectMode: false },
    ),
  );
}

type ColumnType = PersonalPart['columns'][number]['type'];

/** As another program wants it: yuan with two decimals, times in ISO 8601. */
function plain(value: string | number | null, type: ColumnType): string | number | null {
  if (value === null) return null;
  if (type === 'money') return (Number(value) / 100).toFixed(2);
  return type === 'instant' ? new Date(Number(value)).toISOString() : value;
}

function said(value: string | number | null, type: ColumnType, { f }: CopyWords): string {
  if (value === null) return '';
  if (type === 'money') return f.money(Number(value));
  if (type === 'instant') return f.dateTime(Number(value));
  return type === 'date' ? f.date(String(value)) : String(value);
}

function page({ code, title: titleKey, parts }: PersonCopy, words: CopyWords): string {
  const { t, f, locale, now } = words;
  const title = escape(t(titleKey, { code }));
  const tables = parts.map(({ title: name, columns, rows }) => {
    const head = columns.map(({ label }) => `<th>${escape(t(label))}</th>`).join('');
    const body = rows.map(
      (row) =>
        `<tr>${columns.map(({ type }, at) => `<td>${escape(said(row[at] ?? null, type, words))}</td>`).join('')}</tr>`,
    );
    const none = `<p>${escape(t('privacy:copy.none'))}</p>`;
    return `<h2>${escape(t(name))}</h2>${rows.length === 0 ? none : `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`}`;
  });
  return `<!doctype html>
<html lang="${escape(locale)}"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:14px/1.5 sans-serif;margin:2em}table{border-collapse:collapse}th,td{border:1px solid #999;padding:4px 8px;text-align:left;vertical-align:top}</style>
</head><body><h1>${title}</h1><p>${escape(t('privacy:copy.say', { at: f.dateTime(now) }))}</p>
${tables.join('\n')}
</body></html>
`;
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;');
