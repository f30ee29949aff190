import { notFound } from '../../kernel';
import { type FileProblem, type Match, readFile, type ReadFile } from '../../platform/configuration';
import type { Reader } from '../../platform/database';
import type { ModuleManifest } from '../../platform/modules';
import { revisionOf } from './history';
import { type ConfigurationPlan, planConfiguration, type PlanProblem, type Unknown } from './plan';
import { readConfiguration } from './read-configuration';
import { latestRevision } from './record-revision';

export interface Preview {
  /** To be given back with the order to apply it. */
  seenRevision: number;
  plan: ConfigurationPlan;
}

export interface FilePreview {
  /** Empty when the file can be put in force. */
  problems: FileProblem[];
  file?: ReadFile;
  preview?: Preview;
}

/** What an import of this text would do; every problem with its line. Writes nothing. */
export async function previewImport(
  read: Reader,
  manifests: readonly ModuleManifest[],
  text: string,
): Promise<FilePreview> {
  const result = readFile(text);
  if (!result.ok) return { problems: result.problems };
  const { file } = result;
  const preview = await previewOf(read, manifests, file.document, { match: 'name', unknown: 'refuse' });
  return { problems: preview.plan.problems.map((problem) => withLine(problem, file)), file, preview };
}

function withLine({ place, code, details }: PlanProblem, { lineOf }: ReadFile): FileProblem {
  const path = place.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { line: lineOf(path), place: place.join('.'), code, ...(details ? { details } : {}) };
}

/** What going back to a revision would do. Writes nothing. */
export async function previewRollback(
  read: Reader,
  manifests: readonly ModuleManifest[],
  revision: number,
): Promise<Preview> {
  const { content } = await revisionOf(read, revision);
  return previewOf(read, manifests, content, { match: 'id', unknown: 'skip' });
}

async function previewOf(
  read: Reader,
  manifests: readonly ModuleManifest[],
  wanted: ReadFile['document'],
  how: { match: Match; unknown: Unknown },
): Promise<Preview> {
  const latest = await latestRevision(read);
  if (!latest) throw notFound('system.revision', 1);
  const plan = await planConfiguration(read, manifests, await readConfiguration(read, manifests), wanted, how);
  return { seenRevision: latest.revision, plan };
}
