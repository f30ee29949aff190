import { type Ctx, percentText } from '../../../platform/http';
import type {
  Action,
  Attachments,
  Facts,
  IconName,
  Message,
  PageHead,
  ScanPanel,
  StepBar,
  Timeline,
  Table,
} from '../../../platform/views';
import type { TransferEvent, TransferView } from '../queries/transfer-page';
import { lateDays } from './transfer-list.page';
import { transferHref, transferState } from './transfer-fields';
import {
  type AddLine,
  addLineForm,
  linesTable,
  type OpenScans,
  openScans,
  scanPanel,
  scansNow,
  type TransferCtx,
  type TransferPageInput,
} from './transfer-parts';

export interface TransferPage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  open: OpenScans | null;
  lines: Table;
  linesSay: string;
  countHref: string | null;
  devicesHref: string | null;
  missing: { title: string; text: string; actions: Action[] } | null;
  addLine: AddLine | null;
  facts: Facts;
  editHref: string | null;
  postings: Posting[];
  attachments: Attachments;
  timeline: Timeline;
}

export interface Posting {
  icon: IconName;
  title: string;
  say: string;
  reversed: boolean;
  reverseHref: string | null;
}

const createsHere = ({ can }: Pick<Ctx, 'can'>, { fromStoreId, toStoreId }: TransferView): boolean =>
  can('inventory.transfer.create', fromStoreId) || can('inventory.transfer.create', toStoreId);

export function transferPage(ctx: TransferCtx, input: TransferPageInput): TransferPage {
  const { t } = ctx;
  const { transfer, scans } = input;
  const href = transferHref(transfer.id);
  const edits = transfer.state === 'draft' && createsHere(ctx, transfer);
  const counts =
    scansNow(ctx, transfer) &&
    transfer.lines.some(({ tracking, open }) => tracking !== 'serial' && (transfer.state !== 'sent' || open > 0));
  const hasDevices = transfer.lines.some(({ tracking, picked, sent }) => tracking === 'serial' && picked + sent > 0);
  return {
    head: {
      crumbs: [
        { label: t('inventory:menu.inventory'), href: '/inventory/devices' },
        { label: t('inventory:transfer.title'), href: '/inventory/transfers' },
      ],
      title: transfer.number,
      state: transferState(ctx, transfer.state, true),
      say: `${transfer.fromPlace} → ${transfer.toPlace}`,
      actions: actions(ctx, input),
    },
    steps: steps(ctx, transfer),
    notices: [...(input.notices ?? []), ...stateNotices(ctx, transfer)],
    scan: scans ? scanPanel(ctx, input, scans) : null,
    open: scans ? openScans(ctx, input, scans) : null,
    lines: linesTable(ctx, transfer, edits),
    linesSay: t('inventory:transfer.linesSay', { count: transfer.lines.length }),
    countHref: counts ? `${href}/counts` : null,
    devicesHref: hasDevices ? `${href}/devices` : null,
    missing: missingCard(ctx, transfer),
    addLine: edits ? addLineForm(ctx, input) : null,
    facts: facts(ctx, transfer),
    editHref: edits ? `${href}/edit` : null,
    postings: postings(ctx, transfer),
    attachments: input.attachments,
    timeline: timeline(ctx, input.timeline),
  };
}

function actions(ctx: TransferCtx, { transfer, operationKey }: TransferPageInput): Action[] {
  const { t, f, can } = ctx;
  const { state, fromStoreId, toStoreId, version } = transfer;
  const href = transferHref(transfer.id);
  const ask = (decision: string, more: Partial<Action> = {}): Action => ({
    label: t(`inventory:transfer.do.${decision}`),
    href: `${href}/decisions/${decision}`,
    confirm: true,
    ...more,
  });
  const decide = (decision: string, more: Partial<Action> = {}): Action => ({
    label: t(`inventory:transfer.do.${decision}`),
    href: `${href}/decisions/${decision}`,
    method: 'post',
    fields: { version, operationKey: `${operationKey}-${decision}` },
    ...more,
  });
  const creates = createsHere(ctx, transfer);
  const approves = can('inventory.transfer.approve', fromStoreId);
  const empty = transfer.lines.length === 0 ? { disabled: t('inventory:transfer.noLines') } : {};
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (creates && (state === 'draft' || state === 'requested' || state === 'approved'))
    list.push(ask('cancel', { look: 'quiet', icon: 'x' }));
  if (creates && (state === 'requested' || state === 'approved'))
    list.push(ask('withdraw', { look: 'quiet', icon: 'arrow-back-up' }));
  if (state === 'requested' && approves) list.push(ask('reject', { icon: 'circle-x' }));
  if (state === 'draft' && creates)
    list.push(decide('request', { icon: 'send', ...(approves ? {} : { look: 'primary' as const }), ...empty }));
  if ((state === 'draft' || state === 'requested') && approves)
    list.push(decide('approve', { icon: 'check', look: 'primary', ...empty }));
  if (state === 'approved' && can('inventory.transfer.send', fromStoreId)) {
    const label = t('inventory:transfer.send', { count: f.number(transfer.picked) });
    const send: Action = { label, href: `${href}/sending`, icon: 'truck-delivery', look: 'primary' };
    if (transfer.picked === 0) list.push({ ...send, disabled: t('inventory:transfer.nothingPicked') });
    else if (transfer.picked < transfer.quantity) list.push({ ...send, confirm: true });
    else list.push({ ...send, method: 'post', fields: { version, operationKey } });
  }
  if (state === 'sent' && can('inventory.transfer.receive', toStoreId)) {
    const label = t('inventory:transfer.receive', { count: f.number(transfer.arrived) });
    const receive: Action = { label, href: `${href}/receipt`, icon: 'check', look: 'primary' };
    if (transfer.arrived === 0) list.push({ ...receive, disabled: t('inventory:transfer.nothingArrived') });
    else if (transfer.arrived < transfer.open) list.push({ ...receive, confirm: true });
    else list.push({ ...receive, method: 'post', fields: { version, operationKey } });
  }
  return list;
}

function steps({ t, f }: TransferCtx, transfer: TransferView): StepBar {
  const places = ['draft', 'requested', 'approved', 'sent', 'done'] as const;
  const reached = transfer.state === 'rejected' || transfer.state === 'cancelled' ? 0 : places.indexOf(transfer.state);
  const dayOf = (at: number | null): { fact?: string } => (at === null ? {} : { fact: f.dayAt(at) });
  const of = (done: number, total: number): { fact?: string } =>
    total > 0 ? { fact: `${f.number(done)} / ${f.number(total)}` } : {};
  const labels = [
    { label: t('inventory:transfer.step.ask') },
    { label: t('inventory:transfer.step.approve') },
    {
      label: t('inventory:transfer.step.send'),
      ...(transfer.sentAt === null ? of(transfer.picked, transfer.quantity) : dayOf(transfer.sentAt)),
    },
    { label: t('inventory:transfer.step.receive'), ...of(transfer.received, transfer.sent) },
    { label: t('inventory:transfer.step.done'), ...dayOf(transfer.doneAt) },
  ];
  return {
    steps: labels.map((step, index) => ({
      ...step,
      state: index < reached || transfer.state === 'done' ? 'done' : index === reached ? 'now' : 'later',
    })),
  };
}

function stateNotices(ctx: TransferCtx, transfer: TransferView): Message[] {
  const { t, f, today } = ctx;
  const late = lateDays(transfer, today);
  if (late > 0)
    return [
      {
        tone: 'hold',
        title: t('inventory:transfer.isLate', { count: late, open: f.number(transfer.open) }),
        text: t('inventory:transfer.isLateHint'),
      },
    ];
  if (
    (transfer.state === 'rejected' || transfer.state === 'cancelled' || transfer.state === 'draft') &&
    transfer.reason
  )
    return [{ tone: 'hold', title: t('inventory:transfer.because', { reason: transfer.reason }) }];
  return [];
}

/** What is on the way and was not scanned, with the ways out. */
function missingCard({ t, f, can }: TransferCtx, transfer: TransferView): TransferPage['missing'] {
  const missing = transfer.open - transfer.arrived;
  if (transfer.state !== 'sent' || missing === 0) return null;
  const href = `${transferHref(transfer.id)}/resolutions`;
  const actions: Action[] = [];
  if (can('inventory.transfer.receive', transfer.fromStoreId))
    actions.push({ label: t('inventory:transfer.return'), href: `${href}/return`, icon: 'truck-return' });
  if (
    can('inventory.transfer.write-off', transfer.toStoreId) ||
    can('inventory.transfer.write-off', transfer.fromStoreId)
  )
    actions.push({ label: t('inventory:transfer.loss'), href: `${href}/loss`, icon: 'x', look: 'danger' });
  if (actions.length === 0) return null;
  return {
    title: t('inventory:transfer.missing', { count: f.number(missing) }),
    text: t('inventory:transfer.missingHint'),
    actions,
  };
}

function facts({ t, f, today }: TransferCtx, transfer: TransferView): Facts {
  const late = lateDays(transfer, today);
  return {
    facts: [
      { label: t('inventory:transfer.fromPlace'), value: transfer.fromPlace },
      { label: t('inventory:transfer.toPlace'), value: transfer.toPlace },
      { label: t('inventory:transfer.businessDate'), value: f.date(transfer.businessDate) },
      {
        label: t('inventory:transfer.expectedOn'),
        value: f.date(transfer.expectedOn),
        ...(late > 0 ? { sub: t('inventory:transfer.lateDays', { count: late }), tone: 'bad' as const } : {}),
      },
      ...(transfer.sentFen === undefined || transfer.sentAt === null
        ? []
        : [{ label: t('inventory:transfer.sentCost'), value: f.moneyYuan(transfer.sentFen) }]),
      ...(transfer.markupBp === null
        ? []
        : [
            {
              label: t('inventory:transfer.markup'),
              value: `${percentText(transfer.markupBp)}%`,
              ...charged(t, f, transfer),
            },
          ]),
      ...(transfer.note ? [{ label: t('inventory:transfer.note'), value: transfer.note }] : []),
    ],
  };
}

/** What the receiving store was charged by the postings that stand; for who sees cost. */
function charged(t: TransferCtx['t'], f: TransferCtx['f'], { steps, sentFen }: TransferView): { sub?: string } {
  if (sentFen === undefined) return {};
  const fen = steps.reduce((sum, { state, markupFen }) => sum + (state === 'posted' ? (markupFen ?? 0) : 0), 0);
  return { sub: t('inventory:transfer.charged', { amount: f.moneyYuan(fen) }) };
}

/** The postings, newest first, each with the way to take it back. */
function postings({ t, f, can }: TransferCtx, transfer: TransferView): Posting[] {
  const icons = { send: 'truck-delivery', receive: 'check', return: 'truck-return', loss: 'x' } as const;
  return transfer.steps.toReversed().map((step) => {
    const storeId = step.kind === 'send' || step.kind === 'return' ? transfer.fromStoreId : transfer.toStoreId;
    const reverses = step.state === 'posted' && can('inventory.transfer.reverse', storeId);
    return {
      icon: icons[step.kind],
      title: t(`inventory:transfer.posting.${step.kind}`, { count: f.number(step.quantity) }),
      say: [
        step.number,
        f.dateTime(step.postedAt),
        step.postedByName,
        step.reason,
        step.reversalNumber && t('inventory:transfer.reversedBy', { number: step.reversalNumber }),
      ]
        .filter(Boolean)
        .join(' · '),
      reversed: step.state === 'reversed',
      reverseHref: reverses ? `${transferHref(transfer.id)}/steps/${step.id}/reversal` : null,
    };
  });
}

function timeline({ t, f }: TransferCtx, entries: readonly TransferEvent[]): Timeline {
  return {
    entries: entries.map(({ who, what, at, detail }, index) => ({
      who,
      what: t(`inventory:transfer.timeline.${what}`, {
        ...detail,
        count: f.number(Number(detail['quantity'] ?? detail['devices'] ?? 0)),
      }),
      at: f.dateTime(at),
      now: index === 0,
    })),
  };
}
