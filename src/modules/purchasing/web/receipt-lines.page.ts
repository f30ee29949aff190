import { fen, plainMoney } from '../../../kernel';
import type { Ctx, FormState } from '../../../platform/http';
import type { Field, Message, PageHead } from '../../../platform/views';
import type { SkuCard } from '../../catalog';
import type { ReceiptView } from '../queries/receipt-page';
import { receiptHref } from './receipt-parts';

type Words = Pick<Ctx, 't' | 'f'>;

const headOf = ({ t }: Words, receipt: ReceiptView, title: string): PageHead => ({
  title,
  crumbs: [
    { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
    { label: receipt.number, href: receiptHref(receipt.id) },
  ],
});

export interface LinesPage {
  head: PageHead;
  action: string;
  cancelHref: string;
  operationKey: string;
  message: string | null;
  /** Left out: 保存. */
  submit?: string;
  /** Of all rows, above them. */
  fields?: Field[];
  rows: { title: string; sub: string; hidden: Record<string, string>; fields: Field[] }[];
}

/** Quantities and prices of all lines in one form. */
export function linesPage(ctx: Words, receipt: ReceiptView, form: FormState, operationKey: string): LinesPage {
  const { t } = ctx;
  const href = receiptHref(receipt.id);
  return {
    head: headOf(ctx, receipt, t('purchasing:receipt.editLines')),
    action: `${href}/lines/changes`,
    cancelHref: href,
    operationKey,
    message: form.message,
    rows: receipt.lines.map((line, index) => {
      const serial = line.tracking === 'serial';
      const field = (name: string, value: string, more: Partial<Field>): Field => {
        const path = `lines.${index}.${name}`;
        return {
          name: path,
          label: t(`purchasing:line.${name}`),
          value: form.values[path] ?? value,
          ...(form.problems[path] ? { error: form.problems[path] } : {}),
          ...more,
        };
      };
      const price = line.unitPriceFen;
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: [line.skuCode, serial ? t('purchasing:line.scanned', { count: line.received }) : '']
          .filter(Boolean)
          .join(' · '),
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          field('quantity', line.countsScans ? '' : String(line.quantity), {
            inputmode: 'numeric',
            autocomplete: 'off',
            ...(serial ? { hint: t('purchasing:line.quantitySerial') } : { required: true }),
          }),
          ...(receipt.money
            ? [
                field('unitPrice', price === null || price === undefined ? '' : plainMoney(fen(price)), {
                  type: 'money',
                }),
              ]
            : []),
          ...(line.tracking === 'batch'
            ? [
                field('batchCode', line.batchCode ?? '', {
                  maxlength: 40,
                  optional: true,
                  hint: t('purchasing:line.batchHint'),
                }),
                field('expiresOn', line.expiresOn ?? '', { type: 'date', optional: true }),
              ]
            : []),
        ],
      };
    }),
  };
}

export interface ChooseSkuPage {
  head: PageHead;
  message: Message | null;
  searchAction: string;
  text: string;
  keep: Record<string, string>;
  action: string;
  cancelHref: string;
  operationKey: string;
  options: SkuCard[];
  field: Field;
  fields: Field[];
}

/** What a typed text may mean; the first is chosen already. */
export function chooseSkuPage(
  ctx: Words,
  receipt: ReceiptView,
  text: string,
  found: SkuCard[],
  form: FormState,
  operationKey: string,
): ChooseSkuPage {
  const { t } = ctx;
  const href = receiptHref(receipt.id);
  const quantity = form.values['quantity'] ?? '';
  const unitPrice = form.values['unitPrice'] ?? '';
  const error = (name: string) => (form.problems[name] ? { error: form.problems[name] } : {});
  return {
    head: headOf(ctx, receipt, t('purchasing:line.choose')),
    message: form.message ? { tone: 'bad', title: form.message } : null,
    searchAction: `${href}/lines/new`,
    text,
    keep: { quantity, unitPrice },
    action: `${href}/lines`,
    cancelHref: href,
    operationKey,
    options: found,
    field: {
      name: 'skuId',
      type: 'radio',
      label: t('purchasing:line.sku'),
      value: form.values['skuId'] ?? String(found[0]?.id ?? ''),
      options: found.map((card) => ({ value: card.id, label: `${card.name} · ${card.code}` })),
      ...error('sku'),
    },
    fields: [
      {
        name: 'quantity',
        label: t('purchasing:line.quantity'),
        value: quantity,
        inputmode: 'numeric',
        hint: t('purchasing:line.quantityHint'),
        ...error('quantity'),
      },
      ...(receipt.money
        ? [
            {
              name: 'unitPrice',
              label: t('purchasing:line.unitPrice'),
              type: 'money' as const,
              value: unitPrice,
              hint: t('purchasing:line.unitPriceHint'),
              ...error('unitPrice'),
            },
          ]
        : []),
    ],
  };
}
