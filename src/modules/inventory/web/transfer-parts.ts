import { clockText } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import type { Attachments, Field, Link, Message, ScanPanel, Table } from '../../../platform/views';
import type { TransferVerdict } from '../domain/transfer-scan';
import type { TransferEvent, TransferLineView, TransferScanState, TransferView } from '../queries/transfer-page';
import { transferHref } from './transfer-fields';

export type TransferCtx = Pick<Ctx, 't' | 'f' | 'can' | 'services' | 'today'>;

export interface TransferPageInput {
  transfer: TransferView;
  scans: TransferScanState | null;
  timeline: readonly TransferEvent[];
  attachments: Attachments;
  operationKey: string;
  notices?: Message[];
  /** What was typed into the form for a line, with its problems. */
  typed?: { values: Record<string, string>; problems: Record<string, string> };
  choices?: readonly { code: string; name: string }[];
  pasted?: string;
}

export interface OpenScans {
  dropAction: string;
  sendAction: string | null;
  version: number;
  operationKey: string;
  say: string;
  rows: { id: number; text: string; reason: string; link?: Link; sendable: boolean }[];
}

export interface AddLine {
  action: string;
  operationKey: string;
  suggestions: string;
  fields: Field[];
}

const PICKING = ['draft', 'approved'];

/** Whether the reader scans and counts now: the sender before goods leave, the receiver while they are on the way. */
export const scansNow = ({ can }: Pick<Ctx, 'can'>, transfer: TransferView): boolean =>
  transfer.state === 'sent'
    ? can('inventory.transfer.receive', transfer.toStoreId)
    : PICKING.includes(transfer.state) && can('inventory.transfer.send', transfer.fromStoreId);

export function scanPanel(
  ctx: TransferCtx,
  { transfer, pasted }: TransferPageInput,
  scans: TransferScanState,
): ScanPanel {
  const { t } = ctx;
  const href = transferHref(transfer.id);
  const arriving = transfer.state === 'sent';
  const [newest] = scans.log;
  return {
    title: t(arriving ? 'inventory:transfer.scan.receiveTitle' : 'inventory:transfer.scan.sendTitle'),
    say: t(arriving ? 'inventory:transfer.scan.receiveSay' : 'inventory:transfer.scan.sendSay'),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted`,
    fields: arriving
      ? [
          {
            name: 'damaged',
            label: t('inventory:transfer.scan.damagedList'),
            type: 'checkbox',
            value: '1',
            checked: false,
          },
        ]
      : [],
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    ...(newest ? { last: { outcome: newest.outcome, text: verdictText(ctx, newest) } } : {}),
    tally: scans.tally,
    progress: {
      label: t(arriving ? 'inventory:transfer.scan.arrivedOf' : 'inventory:transfer.scan.pickedOf'),
      done: arriving ? transfer.arrived + transfer.received : transfer.picked,
      total: arriving ? transfer.sent : transfer.quantity,
    },
    log: scans.log.map((verdict) => {
      const link = verdictLink(ctx, verdict);
      return {
        outcome: verdict.outcome,
        code: verdict.number ?? verdict.text,
        text: verdictText(ctx, verdict),
        at: clockText(verdict.scannedAt, ctx.services.timeZone),
        ...(link ? { link } : {}),
      };
    }),
    refresh: '#transfer-head, #transfer-steps, #lines, #missing, #open-scans, #timeline',
  };
}

export const verdictText = ({ t }: Pick<Ctx, 't'>, { reason }: TransferVerdict): string =>
  t(reason.code, reason.details);

export function verdictLink({ t }: Pick<Ctx, 't'>, { link }: TransferVerdict): Link | undefined {
  if (!link) return undefined;
  return link.kind === 'device'
    ? { href: `/inventory/devices/${link.id}`, label: t('inventory:transfer.scan.seeDevice') }
    : { href: transferHref(link.id), label: t('inventory:transfer.scan.seeTransfer') };
}

export function openScans(
  ctx: TransferCtx,
  { transfer, operationKey }: TransferPageInput,
  scans: TransferScanState,
): OpenScans {
  const { t, can } = ctx;
  const sends = transfer.state === 'sent' && can('inventory.transfer.send', transfer.fromStoreId);
  const rows = scans.open.map((verdict) => {
    const link = verdictLink(ctx, verdict);
    return {
      id: verdict.id,
      text: verdict.number ?? verdict.text,
      reason: verdictText(ctx, verdict),
      sendable: sends && verdict.atSender,
      ...(link ? { link } : {}),
    };
  });
  const href = transferHref(transfer.id);
  return {
    dropAction: `${href}/scans/removal`,
    sendAction: rows.some(({ sendable }) => sendable) ? `${href}/unexpected` : null,
    version: transfer.version,
    operationKey: `${operationKey}-late`,
    say: t(transfer.state === 'sent' ? 'inventory:transfer.scan.unexpectedSay' : 'inventory:transfer.scan.openSay', {
      count: rows.length,
    }),
    rows,
  };
}

export function linesTable({ t, f }: TransferCtx, transfer: TransferView, edits: boolean): Table {
  const left = transfer.sentAt !== null;
  const href = transferHref(transfer.id);
  const column = (key: string) => ({ key, label: t(`inventory:transfer.${key}`), num: true, card: 'number' as const });
  const state = (line: TransferLineView) => {
    if (!left) {
      const short = line.quantity - line.picked;
      return short > 0
        ? { tone: 'hold' as const, text: t('inventory:transfer.short', { count: f.number(short) }) }
        : { tone: 'ok' as const, text: t('inventory:transfer.complete') };
    }
    if (line.open > 0)
      return line.arrived === line.open
        ? { tone: 'ok' as const, text: t('inventory:transfer.allArrived') }
        : {
            tone: 'way' as const,
            text: t('inventory:transfer.openPieces', { count: f.number(line.open - line.arrived) }),
          };
    if (line.sent === 0) return { tone: 'gone' as const, text: t('inventory:transfer.notSent') };
    return line.received === line.sent
      ? { tone: 'ok' as const, text: t('inventory:transfer.complete') }
      : { tone: 'hold' as const, text: t('inventory:transfer.different') };
  };
  const columns = left
    ? (['wanted', 'sent', 'arrived', 'received', 'returned', 'lost'] as const)
    : (['wanted', 'picked'] as const);
  const piecesOf = (line: TransferLineView, key: (typeof columns)[number]): number =>
    line[key === 'wanted' ? 'quantity' : key];
  return {
    id: 'transfer-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'state', label: t('inventory:transfer.difference'), card: 'state' },
      ...columns.map(column),
      ...(edits
        ? [{ key: 'actions', label: t('inventory:transfer.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: transfer.lines.map((line) => ({
      id: line.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        {
          text: line.skuName,
          sub: [line.skuCode, line.bucket !== 'sellable' && t(`inventory:bucket.${line.bucket}`)]
            .filter(Boolean)
            .join(' · '),
          strong: true,
          ...(line.tracking === 'serial' && line.picked + line.sent > 0
            ? { href: `${href}/devices?line=${line.lineNo}` }
            : {}),
        },
        { state: state(line) },
        ...columns.map((key) => f.number(piecesOf(line, key))),
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('common:action.remove'),
                    href: `${href}/lines/${line.id}/removal`,
                    icon: 'trash' as const,
                    confirm: true,
                  },
                ],
              },
            ]
          : []),
      ],
    })),
    totals: [
      null,
      { text: t('common:total') },
      null,
      ...columns.map((key) => f.number(transfer.lines.reduce((sum, line) => sum + piecesOf(line, key), 0))),
      ...(edits ? [null] : []),
    ],
  };
}

export function addLineForm(
  { t }: TransferCtx,
  { transfer, operationKey, typed, choices }: TransferPageInput,
): AddLine {
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`inventory:transfer.line.${name}`),
    value: typed?.values[name] ?? '',
    ...(typed?.problems[name] ? { error: typed.problems[name] } : {}),
    ...more,
  });
  return {
    action: `${transferHref(transfer.id)}/lines`,
    operationKey: `${operationKey}-line`,
    suggestions: '/inventory/transfers/skus',
    fields: [
      choices
        ? field('sku', {
            type: 'select',
            options: choices.map(({ code, name }) => ({ value: code, label: name })),
            choose: t('inventory:transfer.line.choose'),
            wide: true,
            value: '',
          })
        : field('sku', {
            type: 'search',
            placeholder: t('inventory:transfer.line.skuHint'),
            autocomplete: 'off',
            wide: true,
          }),
      field('quantity', { inputmode: 'numeric', autocomplete: 'off' }),
      field('bucket', {
        type: 'select',
        choose: false,
        value: typed?.values['bucket'] ?? 'sellable',
        options: ['sellable', 'demo', 'defective'].map((value) => ({ value, label: t(`inventory:bucket.${value}`) })),
        hint: t('inventory:transfer.line.bucketHint'),
      }),
    ],
  };
}
