import type * as personDoor from '../app/privacy/person';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand } from './outcome';
import type { CommandModule } from './program';
import { type ProductParts, withProduct } from './with-product';

interface PersonCommand extends CommandOptions {
  config?: string;
  output?: string;
  confirm?: string;
}

/** phone-erp person export|erase: what a customer may ask for. */
export const register: CommandModule['register'] = (program) => {
  const person = program.command('person').description('a customer’s right to a copy of their data, and to be erased');
  person
    .command('export')
    .description('write everything that is kept about a customer into a zip (a page to read, and JSON)')
    .argument('<customer>', 'number of the customer, such as KH00000123')
    .requiredOption('-o, --output <file>', 'file to write; it must not exist')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, customer, file, parts}')
    .action((code: string, options: PersonCommand) => runCommand(options, (out) => copy(code, options, out)));
  person
    .command('erase')
    .description(
      'erase what tells who a customer is, for good; documents and books stay. Refused while something is open',
    )
    .argument('<customer>', 'number of the customer, such as KH00000123')
    .requiredOption('--confirm <customer>', 'the number once more')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, customer}')
    .action((code: string, options: PersonCommand) => runCommand(options, (out) => erase(code, options, out)));
};

function withCustomer<T>(
  code: string,
  { config: file }: PersonCommand,
  work: (parts: ProductParts & { person: typeof personDoor; id: number }) => Promise<T>,
): Promise<T> {
  return withProduct(file, async (parts) => {
    const person = await import('../app/privacy/person');
    return work({ ...parts, person, id: await person.personByCode(parts.services.database.read, code) });
  });
}

async function copy(code: string, options: PersonCommand, out: CommandOutput): Promise<object> {
  const { existsSync, writeFileSync } = await import('node:fs');
  const { formattersFor } = await import('../platform/views');
  const { copyFile } = await import('../app/privacy/copy-file');
  const { output = '' } = options;
  if (existsSync(output)) throw new RefusedError(`${output} is there already.`);
  return withCustomer(code, options, async ({ services, person, t, actor, id }) => {
    const found = await person.collectPerson(services, actor, id);
    const f = formattersFor(actor.locale, services.timeZone);
    writeFileSync(output, await copyFile(found, { t, f, locale: actor.locale, now: services.clock() }), {
      mode: 0o600,
      flag: 'wx',
    });
    out.say(t('privacy:command.copied', { code: found.customer.code, file: output }));
    return { ok: true, customer: found.customer.code, file: output, parts: found.parts.length };
  });
}

async function erase(code: string, options: PersonCommand, out: CommandOutput): Promise<object> {
  return withCustomer(code, options, async ({ services, person, t, actor, id }) => {
    const typedCode = options.confirm ?? '';
    const { fromInstant } = await import('../kernel');
    const open = await person.openWith(services.database.read, id, fromInstant(services.clock(), services.timeZone));
    for (const { code: matter, details } of open)
      out.say(t(matter, { ...details, amount: (Number(details['amountFen'] ?? 0) / 100).toFixed(2) }));
    await person.erasePerson(services, actor, { customerId: id, reason: 'request', typedCode });
    out.say(t('privacy:command.erased', { code: typedCode.toUpperCase() }));
    return { ok: true, customer: typedCode.toUpperCase() };
  });
}
