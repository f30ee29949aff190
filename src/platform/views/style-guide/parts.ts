import type { Chart, Field, FormErrors, KeyFigures, Message, Option, Progress, StatusLabel } from '../components';
import { STATES, stateLabel, type StateName } from '../states';
import type { Say } from './say';

export interface SampleParts {
  states: { name: string; dot: StatusLabel; icon: StatusLabel }[];
  figures: KeyFigures;
  messages: Message[];
  errors: FormErrors;
  fields: Field[];
  progress: Progress;
  chart: Chart;
}

function fields({ say }: Say): Field[] {
  const stores: Option[] = [
    { value: 1, label: '南京新街口店' },
    { value: 2, label: '南京湖南路店' },
  ];
  return [
    { name: 'name', label: say('field.name'), value: '小米 17 12+512G', required: true, wide: true },
    { name: 'phone', label: say('field.phone'), type: 'tel', value: '138', error: say('field.phoneError'), autocomplete: 'off' },
    { name: 'price', label: say('field.price'), type: 'money', value: '4799.00', before: '¥', hint: say('field.priceHint') },
    { name: 'quantity', label: say('field.quantity'), type: 'number', value: 12, min: 1, after: say('field.pieces') },
    { name: 'store', label: say('field.store'), type: 'select', value: 1, options: stores },
    { name: 'on', label: say('document.businessDate'), type: 'date', value: '2026-11-22' },
    { name: 'note', label: say('field.note'), type: 'textarea', optional: true, wide: true, rows: 2 },
    {
      name: 'tracking',
      label: say('field.tracking'),
      type: 'radio',
      value: 'imei',
      options: [
        { value: 'imei', label: say('field.byImei') },
        { value: 'plain', label: say('field.byQuantity') },
      ],
    },
    { name: 'active', label: say('field.active'), type: 'checkbox', checked: true },
    { name: 'file', label: say('field.file'), type: 'file', accept: '.xlsx,.csv', wide: true },
    { name: 'locked', label: say('field.locked'), value: 'XM17-512-PK', readonly: true },
    { name: 'imeis', label: say('field.imeis'), type: 'textarea', countLines: true, value: '867421063138663\n867421063138580' },
  ];
}

/** Small parts, one after another. */
export function sampleParts(voice: Say, assetBase: string): SampleParts {
  const { say, t, f } = voice;
  return {
    states: (Object.keys(STATES) as StateName[]).map((name) => ({
      name,
      dot: stateLabel(t, name),
      icon: stateLabel(t, name, true),
    })),
    figures: {
      label: say('figures.label'),
      cells: [
        {
          label: say('figures.sales'),
          figure: '¥128,640',
          small: '.00',
          change: { direction: 'up', text: f.percent(1450), good: true },
          note: say('figures.salesNote'),
        },
        {
          label: say('device.margin'),
          figure: '¥12,408',
          small: '.64',
          change: { direction: 'down', text: f.percent(60), good: false },
          note: say('figures.marginNote'),
        },
        { label: say('figures.count'), figure: '42 / 27', note: say('figures.countNote') },
        { label: say('figures.average'), figure: '¥3,062', small: '.86' },
        { label: say('figures.stock'), figure: '221', small: say('figures.unit'), note: say('figures.stockNote') },
      ],
    },
    messages: [
      { tone: 'bad', title: say('message.bad'), text: say('message.badText') },
      { tone: 'hold', title: say('message.hold'), text: say('message.holdText'), link: { href: '#x', label: t('common:action.view') } },
      { tone: 'ok', title: say('message.ok') },
      { tone: 'way', title: say('message.way'), items: [say('message.item1'), say('message.item2')] },
    ],
    errors: { errors: [{ field: 'phone', message: say('field.phoneError') }] },
    fields: fields(voice),
    progress: { label: say('progress.label'), done: 1240, total: 5000, cancel: { label: t('common:action.cancel'), href: '#stop' } },
    chart: {
      title: say('chart.title'),
      alt: say('chart.alt'),
      wide: { light: `${assetBase}/style-guide/chart-light.svg`, dark: `${assetBase}/style-guide/chart-dark.svg` },
      legend: [
        { label: say('chart.today'), swatch: 1 },
        { label: say('chart.lastWeek'), swatch: 'target' },
      ],
      note: say('chart.note'),
      tableHref: '#table',
    },
  };
}
