import type { PlanStep } from './plan';
import { windowsArgument } from './windows-host';

/** The plan as commands that an administrator can read, and paste where this program has no rights. */
export function printPlan(plan: readonly PlanStep[], platform: NodeJS.Platform): string[] {
  return plan.flatMap((step) => (platform === 'win32' ? windowsLines(step) : shellLines(step)));
}

function shellLines(step: PlanStep): string[] {
  if (step.kind === 'remove') return [`rm -rf ${shellQuoted(step.path)}`];
  if (step.kind === 'write')
    return [`cat > ${shellQuoted(step.file)} <<'END'`, ...step.content.trimEnd().split('\n'), 'END'];
  const line = [step.command, ...step.args].map(shellQuoted).join(' ');
  if (step.unless) return [`${step.unless.map(shellQuoted).join(' ')} >/dev/null 2>&1 || ${line}`];
  return [step.expected ? `${line} || true` : line];
}

const shellQuoted = (text: string): string =>
  /^[\w./:@=+,%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

function windowsLines(step: PlanStep): string[] {
  if (step.kind === 'remove') return [`rmdir /s /q ${windowsArgument(step.path)}`];
  // A file of a hundred lines does not fit the command prompt; it is named, and the program writes it when it has the rights.
  if (step.kind === 'write') return [`rem write ${step.file}`];
  return [[step.command, ...step.args].map(windowsArgument).join(' ')];
}
