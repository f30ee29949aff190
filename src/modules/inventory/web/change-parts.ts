import type { Ctx } from '../../../platform/http';
import { type Action, type Facts, stateLabel, type Table, type Timeline } from '../../../platform/views';
import { isAdjustment } from '../domain/change-effect';
import type { ChangeEventView, ChangeLineView, ChangeView } from '../queries/change-page';
import { changeHref } from './change-words';
import { bucketStatus } from './stock-list.page';

export function linesTable({ t, f }: Ctx, change: ChangeView, lines: readonly ChangeLineView[], edits: boolean): Table {
  const adjusts = isAdjustment(change.effect);
  const cost = change.seesCost && change.postedAt !== null;
  const typedCost = change.seesCost && (change.effect === 'value' || change.effect === 'gain');
  const valueLabel = t(adjusts ? 'inventory:change.netValue' : 'inventory:change.value');
  const unitLabel = t(change.effect === 'value' ? 'inventory:change.costs.to' : 'inventory:change.goods.unitCost');
  const money = (fen: number | null): string | null => (fen === null ? null : f.money(fen));
  const remove = (line: ChangeLineView): Action => ({
    label: t('inventory:change.remove'),
    href: `${changeHref(change.id)}/lines/removal`,
    method: 'post',
    look: 'quiet',
    fields: { line: line.id },
  });
  return {
    id: 'change-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'number', label: t('inventory:change.what'), card: 'full' },
      { key: 'from', label: t('inventory:change.from'), card: 'state' },
      { key: 'quantity', label: t('inventory:stock.quantity'), num: true, card: 'number' },
      ...(typedCost ? [{ key: 'unitCost', label: unitLabel, num: true, card: 'number' as const }] : []),
      ...(cost ? [{ key: 'value', label: valueLabel, num: true, card: 'number' as const }] : []),
      { key: 'by', label: t('inventory:change.addedBy'), card: 'hide' },
      ...(edits ? [{ key: 'actions', label: t('inventory:change.actions'), card: 'full' as const }] : []),
    ],
    rows: lines.map((line) => ({
      id: line.id,
      label: line.imei ?? line.skuName,
      cells: [
        { text: line.skuName, sub: line.skuCode, strong: true },
        line.deviceId === null
          ? { text: line.batchCode === null ? '' : t('inventory:stock.batch', { code: line.batchCode }) }
          : { imei: line.imei ?? '', href: `/inventory/devices/${line.deviceId}` },
        { state: stateLabel(t, bucketStatus(line.bucket)) },
        f.number(line.quantity),
        ...(typedCost ? [money(line.unitCostFen)] : []),
        ...(cost ? [money(line.valueFen)] : []),
        line.addedByName,
        ...(edits ? [{ actions: [remove(line)] }] : []),
      ],
    })),
  };
}

export function changeFacts({ t, f }: Ctx, change: ChangeView, lines: readonly ChangeLineView[], most: number): Facts {
  return {
    facts: [
      { label: t('inventory:change.effectTitle'), value: t(`inventory:change.effect.${change.effect}`) },
      { label: t('inventory:change.reason'), value: change.reasonName },
      ...(change.account
        ? [{ label: t('inventory:change.account'), value: t(`inventory:change.accounts.${change.account}`) }]
        : []),
      { label: t('inventory:device.place'), value: `${change.storeName} ${change.locationName}` },
      { label: t('inventory:change.businessDate'), value: f.date(change.businessDate) },
      { label: t('inventory:change.devices'), value: f.number(change.devices) },
      { label: t('inventory:change.pieces'), value: f.number(change.pieces) },
      ...(change.seesCost ? valueFacts() : []),
      { label: t('inventory:change.by'), value: change.createdByName },
      ...(change.note ? [{ label: t('inventory:change.note'), value: change.note }] : []),
    ],
  };

  function valueFacts(): Facts['facts'] {
    if (isAdjustment(change.effect)) {
      if (change.postedAt !== null)
        return [{ label: t('inventory:change.netValue'), value: f.money(change.netFen ?? 0) }];
      const fen = change.state === 'draft' ? change.nowFen : (change.amountFen ?? 0);
      return [{ label: t('inventory:change.amount'), value: f.money(fen) }];
    }
    // Of older documents only the lines say it.
    if (change.postedAt === null || lines.length >= most) return [];
    const fen = lines.reduce((sum, { valueFen }) => sum + (valueFen ?? 0), 0);
    return [{ label: t('inventory:change.value'), value: f.money(fen) }];
  }
}

/** The levels of the running submission: who has decided, who is waited for. */
export function approvalFacts({ t, f }: Ctx, { approvals }: Pick<ChangeView, 'approvals'>): Facts | null {
  if (approvals.length === 0) return null;
  const role = (code: string | null): string =>
    code === null ? t('inventory:change.anyApprover') : t(`auth:role.${code}`, { defaultValue: code });
  return {
    facts: approvals.map(({ name, roleCode, decidedAt, decidedByName }) => ({
      label: name,
      ...(decidedAt === null
        ? { value: t('inventory:change.waitsFor', { role: role(roleCode) }), tone: 'hold' as const }
        : { value: decidedByName ?? '', sub: f.dateTime(decidedAt) }),
    })),
  };
}

const textOf = (detail: Record<string, unknown>, key: string): string => {
  const value = detail[key];
  return typeof value === 'string' ? value : '';
};

/** What an entry of the audit log about an approval says. */
export const approvalWords = (detail: Record<string, unknown>): { level: string; reason: string } => ({
  level: textOf(detail, 'level'),
  reason: textOf(detail, 'reason'),
});

export const changeTimelineModel = ({ t, f }: Ctx, events: readonly ChangeEventView[]): Timeline => ({
  entries: events.map(({ who, what, at, detail }, index) => ({
    who,
    what: t(`inventory:change.timeline.${what}`, approvalWords(detail)),
    at: f.dateTime(at),
    now: index === 0,
  })),
});
