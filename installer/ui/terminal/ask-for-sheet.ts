import { input } from '@inquirer/prompts';
import { isDomainError } from '../../../src/kernel';
import { type BackupOutcome, confirmSheet } from '../../steps';
import { sayError } from '../say';
import type { Prompting } from './prompts';

/** At the end: whoever has the printed sheet before them takes the private key from the server. Enter leaves it for later. */
export async function askForSheet({ say, input: from, output }: Prompting, outcome: BackupOutcome): Promise<void> {
  if (outcome.key === null) return;
  try {
    await input(
      {
        message: say({ key: 'setup:backups.ending' }),
        validate: (typed) => {
          if (typed.trim() === '') return true;
          try {
            confirmSheet(outcome, typed);
            output.write(`\n  ${say({ key: 'setup:backups.taken' })}\n`);
            return true;
          } catch (error) {
            if (!isDomainError(error)) throw error;
            return sayError(error, say);
          }
        },
      },
      { input: from, output },
    );
  } catch (error) {
    // Ctrl-C: everything is set up, and the summary says how the key is put away later.
    if (!(error instanceof Error && error.name === 'ExitPromptError')) throw error;
  }
}
