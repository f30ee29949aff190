import { randomUUID } from 'node:crypto';
import { type BusinessDate, daysBetween, parseId } from '../../../kernel';
import { type Ctx, documentHref, page, type Reply } from '../../../platform/http';
import { type Field, type StatusLabel, stateLabel } from '../../../platform/views';
import { CONSIGNMENT_DOCUMENT, type ConsignmentState } from '../domain/consignment';

export const CONSIGNMENTS = '/sales/consignments';
export const consignmentHref = (id: number): string => documentHref(CONSIGNMENT_DOCUMENT, id);

const LOOKS = { out: 'atPartner', closed: 'correct', reversed: 'reversed' } as const;

export const consignmentState = ({ t }: Pick<Ctx, 't'>, state: ConsignmentState, withIcon = false): StatusLabel => ({
  ...stateLabel(t, LOOKS[state], withIcon),
  text: t(`sales:consignment.state.${state}`),
});

/** Days after the day on which all should have been settled or back; 0: not overdue. */
export const lateDays = ({ state, dueOn }: { state: ConsignmentState; dueOn: string }, today: BusinessDate): number =>
  state === 'out' ? Math.max(0, daysBetween(dueOn as BusinessDate, today)) : 0;

/** A box for each device that is still with the partner. */
export const tickFields = (
  { f }: Pick<Ctx, 'f'>,
  devices: readonly { id: number; mainNumber: string; skuName: string; priceFen: number; consignmentNumber?: string }[],
): Field[] =>
  devices.map(({ id, mainNumber, skuName, priceFen, consignmentNumber = '' }) => ({
    name: `rows.d${id}`,
    label: `${f.imei(mainNumber)} ${skuName} ${f.money(priceFen)} ${consignmentNumber}`.trim(),
    type: 'checkbox',
    value: '1',
  }));

/** Ids of the ticked boxes. */
export const tickedRows = (rows: Record<string, string>): number[] =>
  Object.entries(rows).flatMap(([key, value]) => {
    const id = parseId(/^d(\d{1,15})$/.exec(key)?.[1]);
    return id !== null && value !== '' ? [id] : [];
  });

/** Asks before a document is reversed. */
export const askPage = (
  { t }: Pick<Ctx, 't'>,
  { title, effects, href, version }: { title: string; effects: string[]; href: string; version: number },
): Reply =>
  page('sales/confirm', t('common:action.reverse'), {
    title,
    effects,
    action: `${href}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: href,
    fields: { version, operationKey: randomUUID() },
  });
