/**
 * Sample data of the living style page. `view` is the template under views/, `layout` its frame; each model is what a real
 * page builder would produce, so the pages show the components exactly as the product uses them.
 */
import { assetPath } from './assets';
import type { Fault, PageHead } from './components';
import type { List } from './list-components';
import type { Formatters } from './format';
import type { LayoutName } from './render';
import { sampleDevicePage } from './style-guide/device';
import { sampleConfirm, sampleDocument } from './style-guide/document';
import { sampleList, sampleListHead } from './style-guide/list';
import { samplePaper } from './style-guide/paper';
import { sampleParts } from './style-guide/parts';
import { sayFor } from './style-guide/say';
import { sampleCount, sampleSale } from './style-guide/till';
import { sampleChecks } from './style-guide/wizard';

export const STYLE_PAGES = [
  'parts',
  'list',
  'document',
  'device',
  'till',
  'stocktake',
  'confirm',
  'sign-in',
  'wizard',
  'receipt-80',
  'receipt-58',
  'a4',
  'labels',
  'faults',
] as const;
export type StylePageName = (typeof STYLE_PAGES)[number];

export interface StylePage {
  view: string;
  layout: LayoutName;
  title: string;
  model: object;
}

export interface StylePageReader {
  t: (key: string, variables?: Record<string, unknown>) => string;
  f: Formatters;
  assetVersion: string;
}

export interface StyleListModel {
  head: PageHead;
  list: List;
}

export const isStylePage = (name: string): name is StylePageName => (STYLE_PAGES as readonly string[]).includes(name);

const PAPERS = { 'receipt-80': 'receipt-80', 'receipt-58': 'receipt-58', a4: 'a4', labels: 'labels' } as const;
const LAYOUTS: Partial<Record<StylePageName, LayoutName>> = {
  till: 'till',
  stocktake: 'till',
  'sign-in': 'plain',
  wizard: 'wizard',
  'receipt-80': 'print',
  'receipt-58': 'print',
  a4: 'print',
  labels: 'print',
};

/** The sample page of one name for one reader. */
export function stylePage(name: StylePageName, reader: StylePageReader): StylePage {
  const voice = sayFor(reader.t, reader.f);
  const view = name.startsWith('receipt-') ? 'receipt' : name;
  const base = {
    view: `style-guide/${view}`,
    layout: LAYOUTS[name] ?? 'app',
    title: voice.say(`page.${name}`),
  };
  const pages = STYLE_PAGES.map((page) => ({ label: voice.say(`page.${page}`), href: `/style-guide/${page}`, current: page === name }));
  const paper = name in PAPERS ? PAPERS[name as keyof typeof PAPERS] : undefined;
  return { ...base, model: { pages, ...modelOf(name, reader), ...(paper ? { paper, backHref: '/style-guide/parts' } : {}) } };
}

function modelOf(name: StylePageName, reader: StylePageReader): object {
  const voice = sayFor(reader.t, reader.f);
  switch (name) {
    case 'parts':
      return sampleParts(voice, assetPath(reader.assetVersion, '').replace(/\/$/, ''));
    case 'list':
      return {
        head: sampleListHead(voice),
        list: sampleList(voice),
        empty: sampleList(voice, 'empty'),
        filtered: sampleList(voice, 'filtered'),
      };
    case 'document':
      return sampleDocument(voice);
    case 'device':
      return sampleDevicePage(voice);
    case 'confirm':
      return sampleConfirm(voice);
    case 'stocktake':
      return sampleCount(voice);
    case 'till':
      return sampleSale(voice);
    case 'wizard':
      return sampleChecks(voice);
    case 'receipt-80':
    case 'receipt-58':
    case 'a4':
    case 'labels':
      return samplePaper(voice, assetPath(reader.assetVersion, 'style-guide/barcode.svg'));
    case 'faults':
      return { reference: '7F3A-19C2', permission: 'purchasing.receipt.post', module: voice.say('document.purchasing') } satisfies Fault;
    default:
      return {};
  }
}
