import type { Ctx, FormState } from '../../../platform/http';
import type {
  Attachments,
  EditForm,
  Facts,
  Message,
  PageHead,
  ScanPanel,
  StepBar,
  Table,
  Timeline,
} from '../../../platform/views';
import { kindOf } from '../domain/change-effect';
import type { ChangeEventView, ChangeLineView, ChangeProduct, ChangeView } from '../queries/change-page';
import { costForm, goodsForm } from './change-forms';
import { approvalFacts, changeFacts, changeTimelineModel, linesTable } from './change-parts';
import { changeActions, changeSteps } from './change-steps';
import { changeHref, changeState } from './change-words';

export interface ChangePage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  goods: EditForm | null;
  costs: EditForm | null;
  lines: Table;
  linesSay: string;
  exportHref: string | null;
  facts: Facts;
  approvals: Facts | null;
  attachments: Attachments;
  timeline: Timeline;
}

/** Lines on the page; all of them are in the export and the print. */
export const LINES_SHOWN = 200;

export interface ChangePageInput {
  change: ChangeView;
  lines: readonly ChangeLineView[];
  /** Of a correction of costs. */
  products: readonly ChangeProduct[];
  timeline: readonly ChangeEventView[];
  attachments: Attachments;
  operationKey: string;
  notices?: Message[];
  pasted?: string;
  /** What was typed into one of the forms, with its problems. */
  typed?: { in: 'goods' | 'costs'; form: FormState };
}

export function changePage(ctx: Ctx, input: ChangePageInput): ChangePage {
  const { t, f } = ctx;
  const { change, lines } = input;
  const edits = change.state === 'draft' && change.works;
  const href = changeHref(change.id);
  // Scrap is the name of the document and of what it does.
  const names = [t(`inventory:change.kind.${kindOf(change.effect)}`), t(`inventory:change.effect.${change.effect}`)];
  const count = change.devices + change.pieces;
  return {
    head: {
      crumbs: [{ label: t('inventory:change.list'), href: '/inventory/changes' }],
      title: change.number,
      state: changeState(ctx, change.state, true),
      say: [...new Set(names), `${change.storeName} ${change.locationName}`].join(' · '),
      actions: changeActions(ctx, input),
    },
    steps: changeSteps(ctx, change),
    notices: [
      ...(input.notices ?? []),
      ...(change.state === 'reversed'
        ? [
            {
              tone: 'hold' as const,
              title: t('inventory:change.wasReversed', { number: change.reversalNumber ?? '' }),
            },
          ]
        : []),
    ],
    scan: edits ? scanPanel(ctx, input) : null,
    goods: edits ? goodsForm(ctx, input) : null,
    costs: edits ? costForm(ctx, input) : null,
    lines: linesTable(ctx, change, lines, edits),
    linesSay:
      lines.length >= LINES_SHOWN
        ? t('inventory:change.linesShown', { count: f.number(lines.length) })
        : t('inventory:change.linesSay', { devices: f.number(change.devices), pieces: f.number(change.pieces) }),
    exportHref: count > 0 ? `${href}/lines.xlsx` : null,
    facts: changeFacts(ctx, change, lines, LINES_SHOWN),
    approvals: approvalFacts(ctx, change),
    attachments: input.attachments,
    timeline: changeTimelineModel(ctx, input.timeline),
  };
}

function scanPanel({ t }: Ctx, { change, pasted }: ChangePageInput): ScanPanel {
  const href = changeHref(change.id);
  return {
    title: t('inventory:change.scan.title'),
    say: t(change.effect === 'gain' ? 'inventory:change.scan.sayGain' : 'inventory:change.scan.say'),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted`,
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    tally: { right: change.devices, double: change.doubleScans, wrong: change.wrongScans },
    log: [],
    refresh: '#change-head, #lines, #timeline',
  };
}
