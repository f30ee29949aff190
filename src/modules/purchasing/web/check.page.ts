import type { Ctx } from '../../../platform/http';
import type { Field, Message, PageHead } from '../../../platform/views';
import { type ScanOnLine, takeLinesOut } from '../domain/read-scans';
import type { Verdict } from '../domain/scan-check';
import type { ReceiptView } from '../queries/receipt-page';
import { receiptHref } from './receipt-parts';
import { scanLink, scanText } from './receipt-words';

export interface CheckPage {
  head: PageHead;
  message: Message;
  action: string;
  cancelHref: string;
  operationKey: string;
  wrongSay: string;
  othersSay: string;
  right: number;
  takeRight: string;
  rows: {
    line: number;
    text: string;
    reason: string;
    link?: { href: string; label: string };
    overridable: boolean;
    overridden: boolean;
  }[];
  fields: Field[];
}

/** More wrong lines than a person corrects one by one stay in the text below, where all of them can be replaced at once. */
const MOST_ROWS = 200;

export interface CheckInput {
  receipt: ReceiptView;
  codes: string;
  scans: readonly ScanOnLine[];
  verdicts: readonly Verdict[];
  lineId: number | null;
  single: boolean;
  operationKey: string;
}

/** The answer to a list of which something was wrong: nothing was written, everything typed is here. */
export function checkPage(ctx: Pick<Ctx, 't' | 'f'>, input: CheckInput): CheckPage {
  const { t, f } = ctx;
  const { receipt, codes, scans, verdicts, lineId, single } = input;
  const byKey = new Map(scans.map((scan) => [scan.key, scan]));
  const wrong = verdicts.filter(({ outcome }) => outcome === 'wrong');
  const lines = new Set<number>();
  const rows = wrong.flatMap((verdict) => {
    const scan = byKey.get(verdict.key);
    // Several devices on one line are one line to correct.
    if (!scan || lines.has(scan.line) || lines.size >= MOST_ROWS) return [];
    lines.add(scan.line);
    return [{ verdict, scan }];
  });
  const { rest, taken } = takeLinesOut(
    codes,
    scans.map(({ line }) => line),
    lines,
  );
  const count = (outcome: string): number => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const href = receiptHref(receipt.id);
  return {
    head: {
      title: t('purchasing:check.title'),
      crumbs: [
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
        { label: receipt.number, href },
      ],
    },
    message: {
      tone: 'bad',
      title: t('purchasing:check.message', { count: f.number(verdicts.length), wrong: f.number(wrong.length) }),
      text: t('purchasing:check.messageText'),
    },
    action: `${href}/pasted`,
    cancelHref: href,
    operationKey: input.operationKey,
    wrongSay:
      wrong.length > rows.length
        ? t('purchasing:check.wrongFirst', { shown: rows.length, count: f.number(wrong.length) })
        : t('purchasing:check.wrongSay', { count: f.number(wrong.length) }),
    othersSay: t('purchasing:check.othersSay', { right: f.number(count('right')), double: f.number(count('double')) }),
    right: count('right'),
    takeRight: t('purchasing:check.takeRight', { count: f.number(count('right')) }),
    rows: rows.map(({ verdict, scan }) => {
      const link = scanLink(ctx, receipt.id, verdict);
      return {
        line: scan.line,
        text: taken.get(scan.line) ?? scan.text,
        reason: scanText(ctx, verdict),
        ...(link ? { link } : {}),
        overridable: verdict.overridable ?? false,
        overridden: scan.override,
      };
    }),
    fields: [
      {
        name: 'codes',
        type: 'textarea',
        label: t('common:scan.pasteLabel'),
        value: rest,
        rows: 8,
        countLines: true,
      },
      {
        name: 'line',
        label: t('purchasing:scan.line'),
        type: 'select',
        value: lineId ?? '',
        choose: t('purchasing:scan.byModel'),
        options: receipt.lines
          .filter(({ tracking }) => tracking === 'serial')
          .map((line) => ({ value: line.id, label: `${line.lineNo}. ${line.skuName}` })),
      },
      { name: 'single', label: t('purchasing:scan.single'), type: 'checkbox', value: '1', checked: single },
    ],
  };
}
