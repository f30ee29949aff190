import type { LifeEvent } from '../../../ledger';
import type { Ctx } from '../../../platform/http';
import type { Facts } from '../../../platform/views';
import { lineageOf, numbersOfEvent } from '../domain/number-lineage';
import type { DevicePageData } from '../queries/device-page';

/** All numbers it has and had; an old one says when it ended, by which document, and what took its place. */
export function numberFacts({ t, f }: Ctx, { identifiers, events }: DevicePageData): Facts['facts'] {
  const lineage = lineageOf(events);
  return identifiers.map(({ kind, value, endedAt }, index) => {
    if (endedAt === null) {
      const which = kind === 'sn' ? 'serialNumber' : index === 0 ? 'imei1' : 'imei2';
      return { label: t(`common:imei.${which}`), imei: value };
    }
    const until = t('common:imei.until', { date: f.dateTime(endedAt) });
    const ended = lineage.get(value);
    const now = ended?.replacedBy ? t('inventory:number.replacedBy', { number: ended.replacedBy }) : '';
    const sub = [until, ended?.documentNumber ?? '', now].filter(Boolean).join(' · ');
    return { label: t('common:imei.old'), imei: value, muted: true, sub };
  });
}

/** "35… → 86…" of an event that changed numbers. */
export function numbersSay({ t }: Pick<Ctx, 't'>, event: LifeEvent): string {
  const { before, after } = numbersOfEvent(event);
  const none = t('inventory:number.none');
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
    [before[index] ?? none, after[index] ?? none].join(' → '),
  ).join('，');
}

/** The box of the packing list it came in last; '' when none is known. */
export function boxOf(events: readonly LifeEvent[]): string {
  const boxNo = (events.findLast(({ event }) => event === 'received')?.detail as { boxNo?: unknown } | null)?.boxNo;
  return typeof boxNo === 'string' ? boxNo : '';
}
