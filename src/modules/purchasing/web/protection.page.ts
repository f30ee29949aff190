import type { Action, Facts, Link, Message, RelatedDocuments, ScanPanel } from '../../../platform/views';
import type { Coverage } from '../domain/protection-coverage';
import type { DocumentEvent } from '../queries/document-timeline';
import { COVERAGES, type ProtectedDeviceView, type ProtectionView } from '../queries/protection-page';
import { type DocumentPage, timelineOf } from './document.page';
import { protectionMoney } from './protection-money.page';
import { coveredTable, priceFields, type ProtectionCtx, protectionLines } from './protection-parts';
import { protectionCrumbs, protectionHref, protectionState } from './protection-words';

export interface ProtectionPageInput {
  claim: ProtectionView;
  devices: readonly ProtectedDeviceView[];
  /** The devices shown are of this coverage alone. */
  coverage: Coverage | null;
  timeline: readonly DocumentEvent[];
  operationKey: string;
  notices?: Message[];
  typed?: { values: Record<string, string>; problems: Record<string, string> };
  pasted?: string;
}

export function protectionPage(ctx: ProtectionCtx, input: ProtectionPageInput): DocumentPage {
  const { t, f } = ctx;
  const { claim } = input;
  const href = protectionHref(claim.id);
  const edits = claim.state === 'draft' && ctx.can('purchasing.protection.edit', claim.storeId);
  const prices = edits && claim.money !== undefined;
  return {
    head: {
      crumbs: protectionCrumbs(ctx),
      title: claim.number,
      state: protectionState(ctx, claim.state, true),
      say: t('purchasing:protection.say', {
        supplier: claim.supplierName,
        at: f.dateTime(claim.effectiveAt),
      }),
      actions: actions(ctx, input, edits),
    },
    notices: [...(input.notices ?? []), ...stateNotices(ctx, claim)],
    scan: edits && claim.lines.length > 0 ? scanPanel(ctx, input) : null,
    tables: [
      {
        id: 'lines',
        title: t('purchasing:protection.models'),
        say: t('purchasing:receipt.linesCount', { count: claim.lines.length }),
        links:
          prices && claim.lines.length > 0
            ? [{ href: `${href}/lines`, label: t('purchasing:protection.editPrices') }]
            : [],
        table: protectionLines(ctx, claim, edits),
        empty: { title: t('purchasing:protection.noModels'), text: t('purchasing:protection.noModelsHint') },
      },
      ...(claim.lines.length > 0
        ? [
            {
              id: 'devices',
              title: t('purchasing:protection.devices'),
              say: devicesSay(ctx, input),
              links: coverageLinks(ctx, input),
              table: coveredTable(ctx, claim, input.devices, edits),
              empty: { title: t('purchasing:protection.noDevices'), text: t('purchasing:protection.noDevicesHint') },
            },
          ]
        : []),
    ],
    addLine: prices
      ? {
          action: `${href}/lines`,
          operationKey: `${input.operationKey}-line`,
          suggestions: '/purchasing/protections/skus',
          fields: priceFields(
            ctx,
            (name) => input.typed?.values[name] ?? '',
            (name) => input.typed?.problems[name],
          ),
        }
      : null,
    facts: facts(ctx, claim),
    editHref: edits ? `${href}/edit` : null,
    money: claim.money ? protectionMoney(ctx, claim) : null,
    related: related(ctx, claim),
    timeline: timelineOf(ctx, 'purchasing:protection.timeline', input.timeline),
  };
}

function devicesSay({ t, f }: ProtectionCtx, { claim, devices, coverage }: ProtectionPageInput): string {
  const total = coverage === null ? claim.deviceCount : countOf(claim, coverage);
  return devices.length < total
    ? t('purchasing:protection.devicesFirst', { shown: f.number(devices.length), count: f.number(total) })
    : t('purchasing:return.devicesSay', { count: f.number(total) });
}

function countOf(claim: ProtectionView, coverage: Coverage): number {
  const counts = { held: claim.heldCount, in_transit: claim.transitCount, sold: claim.soldCount };
  return coverage === 'none' ? claim.deviceCount - claim.covered : counts[coverage];
}

function coverageLinks({ t, f }: ProtectionCtx, { claim, coverage }: ProtectionPageInput): Link[] {
  const href = protectionHref(claim.id);
  return [
    ...(coverage === null ? [] : [{ href: `${href}#devices`, label: t('purchasing:receipt.tab.all') }]),
    ...COVERAGES.filter((one) => one !== coverage && countOf(claim, one) > 0).map((one) => ({
      href: `${href}?coverage=${one}#devices`,
      label: `${t(`purchasing:protection.coverage.${one}`)} ${f.number(countOf(claim, one))}`,
    })),
  ];
}

function actions(ctx: ProtectionCtx, { claim, operationKey }: ProtectionPageInput, edits: boolean): Action[] {
  const { t } = ctx;
  const href = protectionHref(claim.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
    {
      label: t('purchasing:protection.sheet'),
      href: `${href}/devices.xlsx`,
      icon: 'file-spreadsheet',
      look: 'quiet',
      wideOnly: true,
    },
  ];
  const step = (what: string, more: Partial<Action>): void =>
    void list.push({
      href: `${href}/${what}`,
      confirm: true,
      ...more,
      label: more.label ?? t(`purchasing:protection.do.${what}`),
    });
  const now = (what: string, more: Partial<Action>): void =>
    step(what, { method: 'post', confirm: false, fields: { operationKey: `${operationKey}-${what}` }, ...more });
  if (edits) {
    step('deletion', { look: 'quiet', icon: 'trash', label: t('common:action.delete') });
    if (claim.lines.length > 0) now('all', { icon: 'list-details' });
    if (claim.deviceCount > 0) now('recheck', { icon: 'refresh', look: 'quiet' });
    if (claim.deviceCount > claim.covered)
      now('uncovered', { icon: 'x', look: 'quiet', href: `${href}/uncovered/removal` });
    step('submission', {
      icon: 'send',
      look: 'primary',
      ...(claim.covered === 0 ? { disabled: t('purchasing:error.protection_nothing'), confirm: false } : {}),
    });
  }
  if (claim.state === 'submitted') {
    if (ctx.can('purchasing.protection.edit', claim.storeId)) {
      step('recall', { icon: 'pencil', look: 'quiet' });
      step('refusal', { icon: 'x' });
    }
    if (claim.money && ctx.can('purchasing.protection.agree', claim.storeId))
      step('agreement', { icon: 'check', look: 'primary', confirm: false });
  }
  if (claim.state === 'agreed') {
    if (ctx.can('purchasing.protection.reverse', claim.storeId))
      step('reversal', { icon: 'arrow-back-up', look: 'danger', label: t('common:action.reverse') });
    if (claim.money && ctx.can('purchasing.protection.settle', claim.storeId))
      step('settlement', { icon: 'coins', look: 'primary', confirm: false });
  }
  if (claim.state === 'credited' && ctx.can('purchasing.protection.settle', claim.storeId))
    step('unsettlement', { icon: 'arrow-back-up', look: 'danger' });
  return list;
}

function stateNotices({ t, f }: ProtectionCtx, claim: ProtectionView): Message[] {
  if (claim.state === 'reversed')
    return [
      {
        tone: 'hold',
        title: t('purchasing:receipt.wasReversed', { number: claim.reversalNumber ?? '' }),
        text: t('purchasing:receipt.reversedBecause', {
          at: f.dateTime(claim.closedAt),
          reason: claim.reversalReason ?? '',
        }),
      },
    ];
  if (claim.state === 'refused')
    return [{ tone: 'hold', title: t('purchasing:protection.wasRefused'), text: claim.refusalReason ?? '' }];
  const uncovered = claim.deviceCount - claim.covered;
  if (claim.state === 'draft' && uncovered > 0)
    return [
      {
        tone: 'hold',
        title: t('purchasing:protection.someUncovered', { count: f.number(uncovered) }),
        text: t('purchasing:protection.someUncoveredHint'),
      },
    ];
  return [];
}

function scanPanel({ t }: ProtectionCtx, { claim, pasted }: ProtectionPageInput): ScanPanel {
  const href = protectionHref(claim.id);
  return {
    title: t('purchasing:protection.scan.title'),
    say: t('purchasing:protection.scan.say'),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted`,
    fileAction: `${href}/file`,
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    tally: { right: claim.covered, double: 0, wrong: claim.deviceCount - claim.covered },
    words: { right: t('purchasing:protection.covered'), wrong: t('purchasing:protection.coverage.none') },
    log: [],
    refresh: '#document-head, #lines, #devices, #money',
  };
}

function facts({ t, f, can }: ProtectionCtx, claim: ProtectionView): Facts {
  const count = (key: string, value: number) => ({
    label: t(`purchasing:protection.coverage.${key}`),
    value: f.number(value),
  });
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: claim.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${claim.supplierId}` } : {}),
      },
      { label: t('purchasing:protection.storeId'), value: claim.storeName },
      { label: t('purchasing:protection.effectiveAt'), value: f.dateTime(claim.effectiveAt) },
      {
        label: t('purchasing:protection.windowDays'),
        value:
          claim.windowDays === 0
            ? t('purchasing:protection.noWindow')
            : t('purchasing:protection.days', { count: claim.windowDays }),
      },
      count('held', claim.heldCount),
      count('in_transit', claim.transitCount),
      count('sold', claim.soldCount),
      count('none', claim.deviceCount - claim.covered),
      {
        label: t('purchasing:protection.amounts'),
        value: t(claim.withTax ? 'purchasing:protection.taxIn' : 'purchasing:protection.taxOut'),
      },
      ...(claim.reference ? [{ label: t('purchasing:protection.reference'), value: claim.reference }] : []),
      ...(claim.submittedOn
        ? [{ label: t('purchasing:protection.submittedOn'), value: f.date(claim.submittedOn) }]
        : []),
      ...(claim.dueOn ? [{ label: t('purchasing:protection.dueOn'), value: f.date(claim.dueOn) }] : []),
      { label: t('purchasing:return.by'), value: claim.createdByName },
      ...(claim.note ? [{ label: t('purchasing:receipt.note'), value: claim.note }] : []),
    ],
  };
}

function related({ t, f }: ProtectionCtx, claim: ProtectionView): RelatedDocuments {
  return {
    documents: [
      ...claim.settlements.map((one) => ({
        number: one.number,
        icon: 'coins' as const,
        say: [
          t(`purchasing:protection.method.${one.method}`),
          one.money ? f.moneyYuan(one.money.amountFen) : '',
          one.reference ?? '',
          one.state === 'reversed' ? t('common:state.reversed') : f.date(one.businessDate),
        ]
          .filter(Boolean)
          .join(' · '),
      })),
      ...(claim.reversalNumber
        ? [
            {
              number: claim.reversalNumber,
              icon: 'arrow-back-up' as const,
              say: t('purchasing:receipt.reversalSay', { at: f.dateTime(claim.closedAt) }),
            },
          ]
        : []),
    ],
  };
}
