import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from '../../src/platform/files';
import type { Answer, FactValue } from './step';

/** What is known of a setup that has not ended. Holds no secret. */
export interface SetupState {
  format: 1;
  /** Of the program that began it. */
  version: string;
  answers: Record<string, Answer>;
  facts: Record<string, FactValue>;
  /** Steps whose questions were answered and whose checks were passed. */
  asked: string[];
  /** The answers are complete and the steps have begun to do their part. */
  applying: boolean;
  /** Steps that have done their part. */
  done: string[];
  /** The step that was at work; there after an interruption. */
  running: string | null;
}

export interface StateStore {
  read: () => SetupState | undefined;
  write: (state: SetupState) => void;
  remove: () => void;
}

export const newState = (version: string): SetupState => ({
  format: 1,
  version,
  answers: {},
  facts: {},
  asked: [],
  applying: false,
  done: [],
  running: null,
});

const answer = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const schema = z.object({
  format: z.literal(1),
  version: z.string(),
  answers: z.record(z.string(), answer),
  facts: z.record(z.string(), z.json()),
  asked: z.array(z.string()),
  applying: z.boolean(),
  done: z.array(z.string()),
  running: z.string().nullable(),
});

/** The file that makes a setup resumable: readable by its owner only, replaced as a whole. A damaged one throws. */
export function stateFile(file: string): StateStore {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      const parsed = schema.safeParse(parseJson(text));
      if (!parsed.success) throw new Error(`${file} is damaged: delete it to begin the setup anew`);
      return parsed.data;
    },
    write: (state) => writeWhole(file, `${JSON.stringify(state, undefined, 2)}\n`),
    remove: () => rmSync(file, { force: true }),
  };
}

/** For a dry run: begins with what the other holds, and keeps nothing. */
export function memoryStore(from: StateStore): StateStore {
  return { read: () => from.read(), write: () => undefined, remove: () => undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
