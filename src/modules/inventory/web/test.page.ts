import { type Ctx, documentHref, emptyForm, type FormState } from '../../../platform/http';
import {
  type Attachments,
  editForm,
  type EditForm,
  type Facts,
  type Message,
  type PageHead,
  stateLabel,
  type Table,
  type Tone,
} from '../../../platform/views';
import { TEST_OUTCOMES, type TestOutcome } from '../domain/device-test';
import type { OrderedWord } from '../queries/device-grades';
import type { LatestTest, TestView } from '../queries/device-tests';

export const testHref = (id: number): string => documentHref('inventory.test', id);

const TONES: Record<TestOutcome, Tone> = { pass: 'ok', fail: 'bad', none: 'gone' };

/** What passed and what did not, for the page of the test and the card on the device's page. */
export function resultTable({ t }: Pick<Ctx, 't'>, results: LatestTest['results']): Table {
  return {
    id: 'test-results',
    caption: t('inventory:test.results'),
    tight: true,
    columns: [
      { key: 'name', label: t('inventory:test.check'), card: 'title' },
      { key: 'outcome', label: t('inventory:test.outcome'), card: 'state' },
      { key: 'remark', label: t('inventory:change.note'), card: 'full' },
    ],
    rows: results.map(({ id, name, outcome, remark }) => ({
      id,
      label: name,
      cells: [name, { state: { tone: TONES[outcome], text: t(`inventory:test.outcomes.${outcome}`) } }, remark ?? ''],
    })),
  };
}

export interface TestPage {
  head: PageHead;
  notices: Message[];
  facts: Facts;
  results: Table;
  attachments: Attachments;
}

export function testPage(
  ctx: Ctx,
  { test, attachments, notices = [] }: { test: TestView; attachments: Attachments; notices?: Message[] },
): TestPage {
  const { t, f } = ctx;
  return {
    head: {
      crumbs: [
        { label: t('inventory:device.list'), href: '/inventory/devices' },
        { label: test.skuName, href: `/inventory/devices/${test.deviceId}` },
      ],
      title: test.number,
      state: stateLabel(t, test.state, true),
      say: `${test.grade} · ${test.storeName}`,
      actions:
        test.works && test.state === 'posted'
          ? [
              {
                label: t('common:action.reverse'),
                href: `${testHref(test.id)}/reversal`,
                look: 'danger',
                icon: 'arrow-back-up',
                confirm: true,
              },
            ]
          : [],
    },
    notices: [
      ...notices,
      ...(test.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('inventory:change.wasReversed', { number: test.reversalNumber ?? '' }) }]
        : []),
    ],
    facts: {
      facts: [
        { label: t('inventory:device.product'), value: test.skuName, href: `/inventory/devices/${test.deviceId}` },
        { label: t('inventory:device.imei'), imei: test.imei },
        { label: t('inventory:device.grade'), value: test.grade, strong: true },
        { label: t('inventory:device.battery'), value: batteryWords(ctx, test.batteryHealth) },
        { label: t('inventory:test.failed'), value: f.number(test.failed) },
        { label: t('inventory:test.by'), value: test.createdByName },
        { label: t('inventory:test.at'), value: f.dateTime(test.createdAt) },
        ...(test.note ? [{ label: t('inventory:change.note'), value: test.note }] : []),
      ],
    },
    results: resultTable(ctx, test.results),
    attachments,
  };
}

export const batteryWords = ({ t }: Pick<Ctx, 't'>, health: number | null): string =>
  health === null ? t('common:none') : `${health}%`;

export interface TestFormPage {
  head: PageHead;
  form: EditForm;
}

/** One field for the outcome of each check, and one for what there is to say about it. */
export function testFormPage(
  ctx: Ctx,
  input: {
    deviceId: number;
    name: string;
    imei: string;
    grades: readonly OrderedWord[];
    checks: readonly OrderedWord[];
    form?: FormState | undefined;
    before: Record<string, string>;
  },
): TestFormPage {
  const { t } = ctx;
  const { deviceId, grades, checks } = input;
  const href = `/inventory/devices/${deviceId}`;
  return {
    head: {
      title: t('inventory:test.new'),
      crumbs: [
        { label: t('inventory:device.list'), href: '/inventory/devices' },
        { label: input.name, href },
      ],
      say: input.imei,
    },
    form: editForm(input.form ?? emptyForm(input.before), {
      action: `${href}/tests`,
      cancelHref: href,
      submit: t('inventory:test.save'),
      columns: true,
      fields: [
        {
          name: 'gradeId',
          label: t('inventory:device.grade'),
          type: 'select',
          required: true,
          hint: t('inventory:test.gradeHint'),
          options: grades.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name })),
        },
        {
          name: 'batteryHealth',
          label: t('inventory:test.battery'),
          inputmode: 'numeric',
          maxlength: 3,
          optional: true,
        },
        ...checks.flatMap(({ id, name }) => [
          {
            name: `outcome.${id}`,
            label: name,
            type: 'select' as const,
            choose: false as const,
            options: TEST_OUTCOMES.map((one) => ({ value: one, label: t(`inventory:test.outcomes.${one}`) })),
          },
          { name: `remark.${id}`, label: t('inventory:test.remarkOf', { name }), maxlength: 100, optional: true },
        ]),
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
}
