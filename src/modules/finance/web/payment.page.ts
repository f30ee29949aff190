import { type Ctx, documentHref } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { Action, Facts, Link, Message, PageHead, Table, Timeline } from '../../../platform/views';
import { needsApproval, paymentMachine } from '../domain/payment-state';
import type { PaymentEvent, PaymentLineView, PaymentView } from '../queries/payment-page';
import { EDIT_PAYMENTS } from '../queries/scope';
import { APPROVE_PAYMENTS } from '../use-cases/decide-payment';
import { POST_PAYMENTS, REVERSE_PAYMENTS } from '../use-cases/post-payment';
import { paymentCrumbs, paymentHref, paymentState } from './payment-words';

export type PaymentCtx = Pick<Ctx, 't' | 'f' | 'can'>;

/** finance/document */
export interface PaymentPage {
  head: PageHead;
  notices: Message[];
  lines: { title: string; say: string; links: Link[]; table: Table; empty: { title: string; text: string } };
  facts: Facts;
  money: Facts;
  timeline: Timeline;
}

export interface PaymentPageInput {
  document: PaymentView;
  timeline: readonly PaymentEvent[];
  /** null: payments need no approval. */
  approvalFromFen: number | null;
  operationKey: string;
  notices?: Message[];
}

export function paymentPage(ctx: PaymentCtx, input: PaymentPageInput): PaymentPage {
  const { t, f } = ctx;
  const { document } = input;
  const edits = document.state === 'draft' && ctx.can(EDIT_PAYMENTS, document.storeId);
  return {
    head: {
      crumbs: paymentCrumbs(ctx),
      title: document.number,
      state: paymentState(ctx, document.state, true),
      say: t('finance:payment.say', { supplier: document.supplierName, store: document.storeName }),
      actions: actions(ctx, input, edits),
    },
    notices: [...(input.notices ?? []), ...stateNotices(ctx, input)],
    lines: {
      title: t('finance:payment.lines'),
      say: t('finance:payment.linesSay', { count: document.lines.length }),
      links: edits ? [{ href: `${paymentHref(document.id)}/edit`, label: t('finance:payment.editLines') }] : [],
      table: linesTable(ctx, document.lines),
      empty: { title: t('finance:payment.noLines'), text: t('finance:payment.noLinesHint') },
    },
    facts: facts(ctx, document),
    money: {
      money: true,
      facts: [
        { label: t('finance:payment.payable'), value: f.money(document.payableFen) },
        ...(document.creditFen > 0
          ? [{ label: t('finance:payment.credit'), value: f.moneySigned(-document.creditFen) }]
          : []),
        ...(document.prepaidFen > 0
          ? [{ label: t('finance:payment.prepaid'), value: f.money(document.prepaidFen) }]
          : []),
        { label: t('finance:payment.amount'), value: f.moneyYuan(document.amountFen), strong: true },
      ],
    },
    timeline: {
      entries: input.timeline.map(({ who, what, at, detail }, index) => ({
        who,
        what: t(`finance:payment.timeline.${what}`, {
          ...detail,
          amount: typeof detail['amountFen'] === 'number' ? f.moneyYuan(detail['amountFen']) : '',
        }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function actions(ctx: PaymentCtx, { document, approvalFromFen, operationKey }: PaymentPageInput, edits: boolean) {
  const { t } = ctx;
  const { state, storeId, version } = document;
  const href = paymentHref(document.id);
  const may = (permission: string) => ctx.can(permission, storeId) && ctx.can(COST_PERMISSION, storeId);
  const asked = state === 'draft' && needsApproval(document.amountFen, approvalFromFen);
  const empty = document.amountFen === 0 && document.lines.length === 0;
  const decision = (what: string, label: string, more: Partial<Action>): Action => ({
    label,
    href: `${href}/${what}`,
    method: 'post',
    fields: { version, operationKey: `${operationKey}-${what}` },
    ...more,
  });
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (edits)
    list.push(
      { label: t('common:action.delete'), href: `${href}/deletion`, look: 'quiet', icon: 'trash', confirm: true },
      { label: t('common:action.edit'), href: `${href}/edit`, icon: 'pencil' },
    );
  if (edits && asked)
    list.push(
      decision('submission', t('finance:payment.submit'), {
        icon: 'hourglass',
        look: 'primary',
        ...(empty ? { disabled: t('finance:error.payment_empty') } : {}),
      }),
    );
  if (paymentMachine.can(state, 'withdraw') && may(EDIT_PAYMENTS))
    list.push(decision('withdrawal', t('finance:payment.withdraw'), { icon: 'arrow-back-up', look: 'quiet' }));
  if (state === 'submitted' && may(APPROVE_PAYMENTS))
    list.push(
      { label: t('finance:payment.sendBack'), href: `${href}/return`, icon: 'x', confirm: true },
      decision('approval', t('finance:payment.approve'), { icon: 'check', look: 'primary' }),
    );
  if (!asked && paymentMachine.can(state, 'post') && may(POST_PAYMENTS))
    list.push({
      label: t('finance:payment.post'),
      href: `${href}/posting`,
      icon: 'check',
      look: 'primary',
      ...(empty ? { disabled: t('finance:error.payment_empty') } : { confirm: true }),
    });
  if (state === 'posted' && may(REVERSE_PAYMENTS))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      icon: 'arrow-back-up',
      look: 'danger',
      confirm: true,
    });
  return list;
}

function stateNotices({ t, f }: PaymentCtx, { document, approvalFromFen }: PaymentPageInput): Message[] {
  const { state } = document;
  if (state === 'reversed')
    return [
      {
        tone: 'hold',
        title: t('finance:payment.wasReversed', { number: document.reversalNumber ?? '' }),
        text: t('finance:payment.reversedBecause', {
          at: f.dateTime(document.reversedAt),
          reason: document.reversalReason ?? '',
        }),
      },
    ];
  if (state === 'submitted') return [{ tone: 'way', title: t('finance:payment.waitsForApproval') }];
  if (state === 'draft' && needsApproval(document.amountFen, approvalFromFen))
    return [{ tone: 'way', title: t('finance:payment.needsApproval', { amount: f.moneyYuan(approvalFromFen ?? 0) }) }];
  return [];
}

export function linesTable({ t, f }: Pick<Ctx, 't' | 'f'>, lines: readonly PaymentLineView[]): Table {
  const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  return {
    id: 'payment-lines',
    caption: t('finance:payment.lines'),
    columns: [
      { key: 'document', label: t('finance:payment.document'), card: 'title' },
      { key: 'kind', label: t('finance:payment.kind'), card: 'full' },
      { key: 'store', label: t('finance:payment.owingStore'), card: 'number' },
      { key: 'opened', label: t('finance:payment.openedOn'), card: 'number', keep: true },
      { key: 'due', label: t('finance:payment.dueOn'), card: 'number', keep: true },
      num('open', t('finance:payment.open')),
      num('amount', t('finance:payment.settled')),
    ],
    rows: lines.map((line) => ({
      id: line.id,
      cells: [
        { text: line.documentNumber, href: documentHref(line.documentType, line.documentId), strong: true },
        t(`finance:payment.kinds.${kindOf(line)}`),
        line.storeName,
        f.date(line.openedOn),
        line.dueOn === null ? null : f.date(line.dueOn),
        f.money(line.openFen),
        line.direction === 'payable' ? f.money(line.amountFen) : f.moneySigned(-line.amountFen),
      ],
    })),
    totals: [
      { text: t('common:total') },
      null,
      null,
      null,
      null,
      null,
      f.money(lines.reduce((sum, one) => sum + (one.direction === 'payable' ? one.amountFen : -one.amountFen), 0)),
    ],
  };
}

export const kindOf = ({ direction, documentType }: Pick<PaymentLineView, 'direction' | 'documentType'>) =>
  direction === 'payable' ? 'payable' : documentType === 'finance.payment' ? 'prepayment' : 'claim';

function facts({ t, f, can }: PaymentCtx, document: PaymentView): Facts {
  const fact = (name: string, value: string | null) =>
    value === null ? [] : [{ label: t(`finance:payment.${name}`), value }];
  return {
    facts: [
      {
        label: t('finance:payment.supplier'),
        value: document.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${document.supplierId}` } : {}),
      },
      ...fact('store', document.storeName),
      ...fact('account', t(`finance:account.${document.account}`)),
      ...fact('businessDate', f.date(document.businessDate)),
      ...fact('reference', document.reference),
      ...fact('by', document.createdByName),
      ...fact('approvedBy', document.approvedByName),
      ...fact('paidBy', document.postedByName),
      ...fact('note', document.note),
    ],
  };
}
