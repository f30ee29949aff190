import type { Ctx } from '../../../platform/http';
import {
  type Action,
  type Facts,
  type Message,
  type PageHead,
  stateLabel,
  type Table,
  type Timeline,
} from '../../../platform/views';
import type { ChangeEventView } from '../queries/change-page';
import type { LoanDeviceView, LoanView } from '../queries/loan-page';
import { directionOf, type LoanState } from '../domain/loan';
import { LEND, REVERSE_LOANS } from '../use-cases/lend-devices';
import { lateDays } from './loan-list.page';
import { loanHref, loanState } from './loan-words';

export interface LoanPage {
  head: PageHead;
  notices: Message[];
  devices: Table;
  facts: Facts;
  timeline: Timeline;
}

export interface LoanPageInput {
  loan: LoanView;
  devices: readonly LoanDeviceView[];
  timeline: readonly ChangeEventView[];
  notices?: Message[];
}

export function loanPage(ctx: Ctx, { loan, devices, timeline, notices = [] }: LoanPageInput): LoanPage {
  const { t, f, today } = ctx;
  const late = lateDays(loan, today);
  const direction = directionOf(loan);
  return {
    head: {
      crumbs: [{ label: t('inventory:loan.list'), href: '/inventory/loans' }],
      title: loan.number,
      state: loanState(ctx, loan.state, direction, true),
      say: [t(`inventory:loan.${direction}.one`), loan.borrower, loan.place].join(' · '),
      actions: actions(ctx, loan),
    },
    notices: [
      ...notices,
      ...(late > 0
        ? [
            {
              tone: 'hold' as const,
              title: t(`inventory:loan.${direction}.isLate`, { count: late, open: f.number(loan.stillOut) }),
            },
          ]
        : []),
      ...(loan.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('inventory:change.wasReversed', { number: loan.reversalNumber ?? '' }) }]
        : []),
    ],
    devices: devicesTable(ctx, loan, devices),
    facts: {
      facts: [
        { label: t(`inventory:loan.${direction}.party`), value: loan.borrower },
        { label: t('inventory:loan.purpose'), value: t(`inventory:loan.purposes.${loan.purpose}`) },
        { label: t(`inventory:loan.${direction}.place`), value: loan.place },
        { label: t(`inventory:loan.${direction}.on`), value: f.date(loan.businessDate) },
        {
          label: t('inventory:loan.dueOn'),
          value: f.date(loan.dueOn),
          ...(late > 0 ? { sub: t('inventory:loan.late', { count: late }), tone: 'bad' as const } : {}),
        },
        {
          label: t(`inventory:loan.${direction}.open`),
          value: `${f.number(loan.stillOut)} / ${f.number(loan.devices)}`,
        },
        { label: t('inventory:change.by'), value: loan.createdByName },
        ...(loan.note ? [{ label: t('inventory:change.note'), value: loan.note }] : []),
      ],
    },
    timeline: {
      entries: timeline.map(({ who, what, at, detail }, index) => ({
        who,
        what: t(`inventory:loan.${direction}.timeline.${what}`, { count: f.number(Number(detail['devices'] ?? 0)) }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function actions(ctx: Ctx, loan: LoanView): Action[] {
  const { t } = ctx;
  const href = loanHref(loan.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (loan.state !== 'out') return list;
  if (loan.stillOut === loan.devices && ctx.can(REVERSE_LOANS, loan.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  if (ctx.can(LEND, loan.storeId))
    list.push({
      label: t(`inventory:loan.${directionOf(loan)}.giveBack`),
      href: `${href}/returns/new`,
      icon: 'truck-return',
      look: 'primary',
    });
  return list;
}

const stateOfRow = ({ state }: LoanView, { returnBucket }: LoanDeviceView): LoanState =>
  state === 'reversed' ? 'reversed' : returnBucket === null ? 'out' : 'back';

function devicesTable(ctx: Ctx, loan: LoanView, devices: readonly LoanDeviceView[]): Table {
  const { t, f } = ctx;
  const seesDevice = ctx.can('inventory.device.view');
  return {
    id: 'loan-devices',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'number', label: t('inventory:device.imei'), card: 'full' },
      ...(loan.inbound ? [] : [{ key: 'before', label: t('inventory:loan.before'), card: 'number' as const }]),
      { key: 'state', label: t('inventory:device.state'), card: 'state' },
      { key: 'back', label: t('inventory:loan.backOn'), card: 'number' },
    ],
    rows: devices.map((one) => ({
      id: one.id,
      label: one.mainNumber,
      cells: [
        {
          text: one.skuName,
          sub: one.skuCode,
          strong: true,
          ...(seesDevice ? { href: `/inventory/devices/${one.deviceId}` } : {}),
        },
        { imei: one.mainNumber },
        ...(loan.inbound ? [] : [t(`inventory:bucket.${one.bucket}`)]),
        one.returnBucket === null || loan.inbound
          ? { state: loanState(ctx, stateOfRow(loan, one), directionOf(loan)) }
          : { state: stateLabel(t, one.returnBucket === 'in_transit' ? 'inTransit' : one.returnBucket) },
        one.returnedOn === null ? '' : f.date(one.returnedOn),
      ],
    })),
  };
}
