import { type Ctx, emptyForm, type FormState } from '../../../platform/http';
import type { FilePreview } from '../../../platform/imports';
import {
  type Action,
  editForm,
  type EditForm,
  type Facts,
  type Message,
  type PageHead,
  type Table,
} from '../../../platform/views';
import { PACKING_COLUMNS } from '../domain/packing-rows';
import type { PackingListRow } from '../queries/packing-facts';
import type { ReceiptView } from '../queries/receipt-page';
import type { PackingCheck } from '../use-cases/check-packing-list';
import { receiptHref } from './receipt-parts';

export const packingHref = (receiptId: number, listId: number): string => `${receiptHref(receiptId)}/packing/${listId}`;

export interface PackingPage {
  head: PageHead;
  notices: Message[];
  codes: EditForm | null;
  columns: EditForm;
  facts: Facts;
  problems: Table;
  problemsHref: string | null;
  problemsSay: string;
  boxes: Table;
  sample: Table;
}

export interface PackingPageInput {
  receipt: ReceiptView;
  list: PackingListRow;
  preview: FilePreview;
  check: PackingCheck;
  operationKey: string;
  notices?: Message[];
  /** What was typed for the file's words. */
  typedCodes?: FormState;
  typedColumns?: FormState;
}

/** Problems and boxes on the page; all of them are in the file of problems, and in the receipt. */
const SHOWN = 100;
/** Words of the file that are asked for at once. */
const CODES_ASKED = 20;

export function packingPage(ctx: Ctx, input: PackingPageInput): PackingPage {
  const { t, f } = ctx;
  const { receipt, list, check } = input;
  const href = packingHref(receipt.id, list.id);
  return {
    head: {
      crumbs: [
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
        { label: receipt.number, href: receiptHref(receipt.id) },
      ],
      title: t('purchasing:packing.one'),
      say: `${list.fileName} · ${receipt.supplierName}`,
      actions: actions(ctx, input),
    },
    notices: [...(input.notices ?? []), verdict(ctx, check)],
    codes: check.unknown.size > 0 ? codesForm(ctx, input) : null,
    columns: columnsForm(ctx, input),
    facts: {
      facts: [
        { label: t('purchasing:packing.rows'), value: f.number(check.rows) },
        { label: t('purchasing:packing.right'), value: f.number(check.right) },
        { label: t('purchasing:packing.doubles'), value: f.number(check.doubles) },
        { label: t('purchasing:packing.wrong'), value: f.number(check.wrong.length) },
        { label: t('purchasing:packing.boxCount'), value: f.number(boxCount(check)) },
        ...(check.added.length > 0 ? [{ label: t('purchasing:packing.newLines'), value: check.added.join('、') }] : []),
      ],
    },
    problems: problemTable(ctx, check),
    problemsHref: check.wrong.length > 0 ? `${href}/problems.xlsx` : null,
    problemsSay: check.wrong.length > SHOWN ? t('purchasing:packing.shown', { count: SHOWN }) : '',
    boxes: boxTable(ctx, check),
    sample: sampleTable(ctx, input.preview),
  };
}

const boxCount = ({ boxes }: PackingCheck): number => new Set(boxes.flatMap(({ boxNo }) => boxNo ?? [])).size;

function verdict({ t, f }: Ctx, { wrong, right, unknown }: PackingCheck): Message {
  if (wrong.length === 0 && right > 0)
    return { tone: 'ok', title: t('purchasing:packing.allRight', { count: f.number(right) }) };
  if (right === 0 && wrong.length === 0) return { tone: 'hold', title: t('purchasing:packing.error.nothing') };
  const hint = unknown.size > 0 ? 'unknownHint' : 'wrongHint';
  return {
    tone: 'bad',
    title: t('purchasing:packing.someWrong', { count: f.number(wrong.length) }),
    text: t(`purchasing:packing.${hint}`),
  };
}

function actions(ctx: Ctx, { receipt, list, check, operationKey }: PackingPageInput): Action[] {
  const { t, f } = ctx;
  const href = `${packingHref(receipt.id, list.id)}/taking`;
  const take = (keep: 'all' | 'right'): Action => ({
    label: t(`purchasing:packing.take.${keep}`, { count: f.number(check.right) }),
    href,
    method: 'post',
    icon: 'check',
    look: keep === 'all' ? 'primary' : 'plain',
    fields: { version: list.version, operationKey: `${operationKey}-${keep}`, keep },
  });
  if (check.right === 0) return [{ ...take('all'), disabled: t('purchasing:packing.error.nothing') }];
  return check.wrong.length === 0 ? [take('all')] : [take('right')];
}

/** The file's words that no product is known for: chosen once, remembered for the supplier. */
function codesForm(ctx: Ctx, { receipt, list, check, typedCodes }: PackingPageInput): EditForm {
  const { t, f } = ctx;
  const words = [...check.unknown].slice(0, CODES_ASKED);
  const fresh = {
    version: String(list.version),
    ...Object.fromEntries(words.map(([text], index) => [`text.${index}`, text])),
  };
  const form = typedCodes ?? emptyForm(fresh);
  return editForm(
    { ...form, values: { ...form.values, ...fresh } },
    {
      action: `${packingHref(receipt.id, list.id)}/codes`,
      cancelHref: receiptHref(receipt.id),
      submit: t('purchasing:packing.remember'),
      hidden: ['version', ...words.map((_, index) => `text.${index}`)],
      columns: true,
      fields: words.map(([text, rows], index) => ({
        name: `sku.${index}`,
        label: t('purchasing:packing.codeOf', { text, count: f.number(rows) }),
        type: 'search' as const,
        maxlength: 100,
        placeholder: t('purchasing:line.skuHint'),
        autocomplete: 'off',
      })),
    },
  );
}

function columnsForm(ctx: Ctx, { receipt, list, preview, typedColumns }: PackingPageInput): EditForm {
  const { t } = ctx;
  const places = preview.header.names.map((name, place) => ({
    value: String(place),
    label: name || t('imports:columnNo', { number: place + 1 }),
  }));
  const values = Object.fromEntries(
    PACKING_COLUMNS.map(({ key }) => [
      `column.${key}`,
      list.mapping[key] === undefined ? '' : String(list.mapping[key]),
    ]),
  );
  const form = typedColumns ?? emptyForm(values);
  return editForm(
    { ...form, values: { ...form.values, version: String(list.version) } },
    {
      action: `${packingHref(receipt.id, list.id)}/columns`,
      cancelHref: receiptHref(receipt.id),
      submit: t('purchasing:packing.checkAgain'),
      hidden: ['version'],
      columns: true,
      plain: true,
      fields: PACKING_COLUMNS.map(({ key }) => ({
        name: `column.${key}`,
        label: t(`purchasing:packing.column.${key}`),
        type: 'select' as const,
        choose: t('purchasing:packing.noColumn'),
        options: places,
      })),
    },
  );
}

function problemTable({ t }: Ctx, { wrong }: PackingCheck): Table {
  return {
    id: 'packing-problems',
    caption: t('purchasing:packing.problems'),
    tight: true,
    columns: [
      { key: 'line', label: t('imports:line'), card: 'title' },
      { key: 'text', label: t('purchasing:packing.inFile'), card: 'full' },
      { key: 'reason', label: t('imports:reason'), card: 'full' },
    ],
    // Words that are asked for above need no row of their own before the others.
    rows: wrong
      .toSorted((a, b) => Number(isUnknown(a)) - Number(isUnknown(b)))
      .slice(0, SHOWN)
      .map(({ key, text, reason }) => ({
        id: key,
        label: key,
        cells: [key, { text, muted: true }, { text: reason ? t(reason.code, reason.details) : '', tone: 'bad' }],
      })),
  };
}

const isUnknown = ({ reason }: PackingCheck['wrong'][number]): boolean =>
  reason?.code === 'purchasing:packing.problem.unknown_product';

function boxTable({ t, f }: Ctx, { boxes }: PackingCheck): Table {
  return {
    id: 'packing-boxes',
    caption: t('purchasing:packing.boxes'),
    tight: true,
    columns: [
      { key: 'box', label: t('purchasing:packing.column.box'), card: 'title' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'devices', label: t('purchasing:packing.devices'), num: true, card: 'number' },
    ],
    rows: boxes.slice(0, SHOWN).map(({ boxNo, name, devices }, index) => ({
      id: index,
      label: boxNo ?? name,
      cells: [boxNo ?? t('purchasing:packing.noBox'), name, f.number(devices)],
    })),
  };
}

/** The first rows as they stand in the file: a wrong column is seen before anything is written. */
function sampleTable({ t }: Ctx, { header, sample }: FilePreview): Table {
  return {
    id: 'packing-sample',
    caption: t('purchasing:packing.sample'),
    wide: true,
    cards: false,
    columns: header.names.map((name, place) => ({
      key: `c${place}`,
      label: name || t('imports:columnNo', { number: place + 1 }),
    })),
    rows: sample.map((cells, index) => ({ id: index, cells })),
  };
}
