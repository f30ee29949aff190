import { LOCALES, type Locale, type Translate } from '../../platform/i18n';
import { escapeText as text, formattersFor } from '../../platform/views';
import { say, type Words } from './bench';
import { flowTitle, type SelfTestFlowReport, type SelfTestReport, type SelfTestStep } from './report';

export interface HtmlReportOptions {
  translator: (locale: Locale) => Translate;
  /** Shown first; the other language is one click away in the same file. */
  locale: Locale;
  timeZone: string;
}

/**
 * The report as one file to be kept: nothing is loaded from elsewhere, no script runs, both languages are in it. Not served by
 * the product, so its style stands in it.
 */
export function htmlReport(report: SelfTestReport, { translator, locale, timeZone }: HtmlReportOptions): string {
  const title = translator(locale)('selftest:report.title');
  const switches = LOCALES.map(
    (one) =>
      `<input type="radio" name="language" id="show-${one}"${one === locale ? ' checked' : ''}><label for="show-${one}" lang="${one}">${one === 'en' ? 'English' : '中文'}</label>`,
  );
  const parts = LOCALES.map((one) => inLanguage(report, one, translator(one), timeZone));
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${[...switches, ...parts].join('\n')}
</body>
</html>
`;
}

function inLanguage(report: SelfTestReport, locale: Locale, t: Translate, timeZone: string): string {
  const f = formattersFor(locale, timeZone);
  const steps = report.flows.flatMap((flow) => flow.steps);
  const bad = steps.filter(({ ok }) => !ok).length;
  const facts = [
    ['product', t('common:product')],
    ['version', report.version],
    ['database', report.database.kind],
    ['place', say(t, report.database.say)],
    ['machine', report.machine],
    ['by', report.by],
    ['at', `${f.dateTime(report.startedAt)} (${timeZone})`],
    ['duration', t('selftest:report.seconds', { seconds: (report.ms / 1000).toFixed(1) })],
  ].map(([key = '', value = '']) => `<dt>${text(t(`selftest:report.${key}`))}</dt><dd>${text(value)}</dd>`);
  const verdict = t(report.ok ? 'selftest:ok' : 'selftest:failed', { count: report.ok ? steps.length : bad });
  return `<main lang="${locale}">
<h1>${text(t('selftest:report.title'))}</h1>
<p class="verdict ${report.ok ? 'ok' : 'bad'}">${mark(report.ok)} ${text(verdict)}</p>
<dl>${facts.join('')}</dl>
${report.flows.map((flow) => flowPart(flow, t)).join('\n')}
<p class="sign">${text(t('selftest:report.signature'))}</p>
</main>`;
}

function flowPart({ id, ok, steps }: SelfTestFlowReport, t: Translate): string {
  const rights = steps.filter(({ title }) => title.key === 'step.right');
  const others = steps.filter(({ title }) => title.key !== 'step.right');
  const head = ['step', 'expected', 'found', 'verdict'].map((key) => `<th>${text(t(`selftest:report.${key}`))}</th>`);
  const rows = others.map((step) => {
    const cells = [say(t, step.title), figure(step.expected, t), figure(step.found, t)].map(
      (cell) => `<td>${text(cell)}</td>`,
    );
    return `<tr${step.ok ? '' : ' class="bad"'}>${cells.join('')}<td>${mark(step.ok)} ${text(t(`selftest:report.${step.ok ? 'passed' : 'not'}`))}</td></tr>`;
  });
  return `<section>
<h2>${mark(ok)} ${text(flowTitle(t, id))}</h2>
${rights.length > 0 ? rightsTable(rights, t) : ''}
<table class="steps"><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>
</section>`;
}

/** Roles × rights, as found; where that is not what is expected the cell says so. */
function rightsTable(steps: readonly SelfTestStep[], t: Translate): string {
  const named = (step: SelfTestStep, value: string): string => {
    const found = step.title.values?.[value];
    return typeof found === 'object' ? say(t, found satisfies Words) : String(found ?? '');
  };
  const byRight = Map.groupBy(steps, (step) => named(step, 'right'));
  const roles = [...new Set(steps.map((step) => named(step, 'role')))];
  const rows = [...byRight].map(([right, cells]) => {
    const marks = cells.map(
      ({ ok, found, expected }) =>
        `<td class="${ok ? 'mark' : 'mark bad'}">${text(ok ? (found === 'true' ? '✓' : '–') : `${figure(found, t)} ≠ ${figure(expected, t)}`)}</td>`,
    );
    return `<tr><th scope="row">${text(right)}</th>${marks.join('')}</tr>`;
  });
  const head = roles.map((name) => `<th scope="col">${text(name)}</th>`);
  return `<table class="rights"><caption>${text(t('selftest:report.rights'))}</caption><thead><tr><th></th>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const figure = (value: string, t: Translate): string =>
  value === 'true' || value === 'false' ? t(`selftest:report.${value === 'true' ? 'yes' : 'no'}`) : value;
const mark = (ok: boolean): string => `<span class="${ok ? 'ok' : 'bad'}">${ok ? '✓' : '✗'}</span>`;

const STYLE = `
body{font:14px/20px "Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1b2526;max-width:960px;margin:24px auto;padding:0 16px;font-variant-numeric:tabular-nums}
h1{font-size:20px;line-height:28px}h2{font-size:14px;margin:24px 0 8px}
input,label{margin-right:4px}label{margin-right:16px}
main{display:none}
#show-zh-CN:checked~main[lang=zh-CN],#show-en:checked~main[lang=en]{display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}dt{color:#566467}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin-bottom:12px;font-size:13px}
th,td{border-bottom:1px solid #dce2e3;padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:#edf1f1;font-size:12px}caption{text-align:left;color:#566467;font-size:12px;padding:4px 0}
th[scope=row]{font-weight:400;min-width:8em}.steps{table-layout:fixed}.steps th:first-child{width:44%}.steps th:last-child{width:14%}.rights th,.rights td{overflow-wrap:normal}.mark{text-align:center}thead th[scope=col]{text-align:center}
.ok{color:#26713a}.bad{color:#b3261e}tr.bad td,td.bad{background:#fbe9e7}
.verdict{font-size:16px;font-weight:600}.sign{margin-top:32px;color:#566467;border-top:1px solid #b9c3c5;padding-top:8px}
@media(max-width:600px){dl{grid-template-columns:1fr}dd{margin-bottom:8px}section{overflow-x:auto}}
@media print{input,label{display:none}section{break-inside:avoid-page}}
`;
