import { qrSvg } from '../../platform/barcode';
import type { Locale, Translate } from '../../platform/i18n';
import { escapeText } from '../../platform/views';

export interface RecoveryKey {
  /** age1… */
  recipient: string;
  /** AGE-SECRET-KEY-1… */
  identity: string;
  /** YYYY-MM-DD */
  madeOn: string;
}

const RESTORE = 'phone-erp restore BACKUP --identity backup.key --to sqlite:/…/phone-erp.sqlite';
const BY_AGE = 'age --decrypt --identity backup.key --output backup.zip BACKUP.zip.age';

const STYLE = `@page { size: A4; margin: 18mm }
body { font: 11pt/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 174mm; margin: 0 auto; color: #111 }
h1 { font-size: 18pt; margin: 0 0 2mm } h2 { font-size: 12pt; margin: 6mm 0 1mm }
.warn { border: 1.5pt solid #111; padding: 3mm 4mm; font-weight: 600 }
code { font: 11pt/1.6 "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere }
.key code { font-size: 14pt; letter-spacing: .04em } svg { display: block; margin: 3mm 0 }`;

/** A page to print, in the reader's language: the private key as text and as QR code, and what to do with it years later. */
export function recoverySheet(t: Translate, locale: Locale, { recipient, identity, madeOn }: RecoveryKey): string {
  const say = (key: string, values: Record<string, string> = {}): string =>
    escapeText(t(`backup:sheet.${key}`, values));
  const code = (text: string): string => `<code>${escapeText(text)}</code>`;
  /** In a sentence that names a command at its place. */
  const command = (key: string, text: string): string => say(key, { command: '\0' }).replace('\0', () => code(text));
  const steps = [say('step1'), say('step2'), command('step3', RESTORE), command('step4', BY_AGE), say('step5')];
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${say('title')}</title><style>${STYLE}</style></head><body>
<h1>${say('title')}</h1>
<p>${say('made', { date: madeOn })}</p>
<p class="warn">${say('secret')}</p>
<h2>${say('private')}</h2>
<div class="key">${qrSvg(identity, { sizeMm: 50, level: 'Q' })}${code(groups(identity))}</div>
<h2>${say('public')}</h2>
<p>${code(recipient)}</p>
<h2>${say('how')}</h2>
<ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol>
<p>${say('checked')}</p>
</body></html>
`;
}

/** Easier to compare; the QR code holds it without spaces. */
const groups = (identity: string): string => (identity.match(/^AGE-SECRET-KEY-1|.{1,6}/g) ?? []).join(' ');
