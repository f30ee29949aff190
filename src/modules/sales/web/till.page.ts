import type { Ctx } from '../../../platform/http';
import type { IconName } from '../../../platform/views';
import type { SalesChannel, StaffRow } from '../../organization';
import type { MemberLevel } from '../../pricing';
import { TENDER_KINDS, type TenderKind } from '../domain/sale';
import type { HeldCard, RegisterChoice, TillState } from '../queries/till-page';

export const TENDER_ICONS: Readonly<Record<TenderKind, IconName>> = {
  cash: 'cash',
  wallet_wechat: 'brand-wechat',
  wallet_alipay: 'brand-alipay',
  card: 'credit-card',
  bank_transfer: 'building-bank',
  on_account: 'file-invoice',
};

/** Keys of the till, in the order of the bar; that of the channel stands beside its field. Enter, arrows and digits work inside of what is open. */
export const TILL_KEYS = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'Delete', 'Escape'] as const;

/** Texts that the till's scripts show. */
const WORDS = [
  'bound',
  'added',
  'double',
  'offline',
  'offlineShort',
  'failed',
  'choose',
  'walkIn',
  'pieces',
  'age',
  'stock',
  'service',
  'code',
  'gift',
  'floorOk',
  'floorBelow',
  'noFloor',
  'manual',
  'manualWhy',
  'giftWhy',
  'noDiscount',
  'listPrice',
  'dealPrice',
  'lineOf',
  'cashDue',
  'received',
  'changeDue',
  'missing',
  'over',
  'nothingToPay',
  'done',
  'held',
  'taken',
  'noCustomer',
  'noCustomerNamed',
  'listTotal',
  'shiftTotal',
  'removed',
  'badAmount',
  'badQuantity',
  'noRight',
  'online',
  'reference',
  'remove',
  'noHolds',
  'phone',
  'tooFast',
  'printBlocked',
  'overBy',
  'missingCash',
  'scanDevice',
  'scanDeviceShort',
  'floorHidden',
  'fromList',
  'otherList',
  'ownSale',
  'soldBy',
  'repriced',
] as const;

export interface TillModel {
  register: { id: number; name: string };
  store: string;
  shift: { id: number; openedBy: string; openedAt: string };
  held: HeldCard[];
  tenders: { kind: TenderKind; label: string; icon: IconName; digit: number }[];
  keys: { key: string; cap: string; label: string }[];
  staff: { id: number; name: string }[];
  /** Beside the store's own sale; none: nothing to choose. */
  channels: { id: number; name: string }[];
  mayReturn: boolean;
  mayClose: boolean;
  now: string;
  /** For the scripts, as JSON in an attribute: nothing in it may be secret (no cost). */
  data: string;
}

export function tillModel(
  ctx: Ctx,
  register: RegisterChoice,
  state: TillState,
  {
    staff,
    channels,
    levels,
  }: { staff: readonly StaffRow[]; channels: readonly SalesChannel[]; levels: readonly MemberLevel[] },
): TillModel {
  const { t, f } = ctx;
  const words = Object.fromEntries(WORDS.map((key) => [key, rawWords(t, `sales:till.say.${key}`)]));
  return {
    register: { id: register.id, name: register.name },
    store: register.storeName,
    shift: {
      id: register.shiftId ?? 0,
      openedBy: register.openedByName ?? '',
      openedAt: f.time(register.openedAt),
    },
    held: state.held,
    tenders: TENDER_KINDS.map((kind, index) => ({
      kind,
      label: t(`sales:tender.${kind}`),
      icon: TENDER_ICONS[kind],
      digit: index + 1,
    })),
    keys: TILL_KEYS.filter((key) => key !== 'F10' || ctx.can('sales.sale.return', register.storeId)).map((key) => ({
      key,
      cap: t(`sales:till.cap.${key}`),
      label: t(`sales:till.key.${key}`),
    })),
    staff: staff.map(({ id, name }) => ({ id, name })),
    channels: channels.map(({ id, name }) => ({ id, name })),
    mayReturn: ctx.can('sales.sale.return', register.storeId),
    mayClose: ctx.can('sales.shift.close', register.storeId),
    now: `${f.dayOfYear(ctx.today)} ${f.time(ctx.now)}`,
    data: JSON.stringify({
      address: `/sales/till/${register.id}`,
      registerId: register.id,
      staffId: ctx.actor.staffId,
      mayDiscount: ctx.can('sales.discount.give', register.storeId),
      mayApprove: ctx.can('sales.discount.approve', register.storeId),
      tenders: TENDER_KINDS.map((kind) => ({ kind, label: t(`sales:tender.${kind}`) })),
      channels: channels.map(({ id, name }) => ({ id, name })),
      levels: levels.map(({ id, name }) => ({ id, name })),
      draft: state.draft,
      held: state.held,
      total: state.total,
      locale: ctx.locale,
      timeZone: ctx.services.timeZone,
      words,
    }),
  };
}

/** The text with its placeholders left in, for scripts to fill. */
function rawWords(t: Ctx['t'], key: string): string {
  const marks = ['number', 'name', 'count', 'amount', 'line', 'days', 'code', 'text', 'time', 'label'];
  return t(key, Object.fromEntries(marks.map((mark) => [mark, `{${mark}}`])));
}
