import type { PersonCopy } from '../app/privacy/person';
import type { OpenMatter } from '../platform/modules';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand } from './outcome';
import type { CommandModule } from './program';
import { type ProductParts, withProduct } from './with-product';

interface PersonCommand extends CommandOptions {
  config?: string;
  output?: string;
  confirm?: string;
  staff?: boolean;
}

/** phone-erp person export|erase: what a customer or a member of staff may ask for. */
export const register: CommandModule['register'] = (program) => {
  const person = program
    .command('person')
    .description('the right of a customer or a member of staff to a copy of their data, and to be erased');
  person
    .command('export')
    .description('write everything that is kept about a person into a zip (a page to read, and JSON)')
    .argument('<person>', 'number of the customer, such as KH00000123; with --staff, on the badge')
    .option('--staff', 'a member of staff')
    .requiredOption('-o, --output <file>', 'file to write; it must not exist')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, customer or staff, file, parts}')
    .action((code: string, options: PersonCommand) => runCommand(options, (out) => copy(code, options, out)));
  person
    .command('erase')
    .description(
      'erase what tells who a person is, for good; documents and books stay. Refused while something is open',
    )
    .argument('<person>', 'number of the customer, such as KH00000123; with --staff, on the badge')
    .option('--staff', 'a member of staff')
    .requiredOption('--confirm <person>', 'the number once more')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, customer or staff}')
    .action((code: string, options: PersonCommand) => runCommand(options, (out) => erase(code, options, out)));
};

async function copy(code: string, options: PersonCommand, out: CommandOutput): Promise<object> {
  const { existsSync, writeFileSync } = await import('node:fs');
  const { output = '' } = options;
  if (existsSync(output)) throw new RefusedError(`${output} is there already.`);
  return withProduct(options.config, async ({ services, t, actor }) => {
    const { formattersFor } = await import('../platform/views');
    const { copyFile } = await import('../app/privacy/copy-file');
    const found = await collect({ services, t, actor }, code, options);
    const f = formattersFor(actor.locale, services.timeZone);
    writeFileSync(output, await copyFile(found, { t, f, locale: actor.locale, now: services.clock() }), {
      mode: 0o600,
      flag: 'wx',
    });
    out.say(t(`privacy:${kind(options)}command.copied`, { code: found.code, file: output }));
    return { ok: true, ...named(options, found.code), file: output, parts: found.parts.length };
  });
}

type Parts = Pick<ProductParts, 'services' | 't' | 'actor'>;

const kind = ({ staff }: PersonCommand): string => (staff ? 'staff.' : '');
const named = ({ staff }: PersonCommand, code: string): object => (staff ? { staff: code } : { customer: code });

async function collect({ services, t, actor }: Parts, code: string, { staff }: PersonCommand): Promise<PersonCopy> {
  const { read } = services.database;
  if (staff) {
    const door = await import('../app/privacy/staff');
    return door.collectStaff(services, actor, await door.staffByCode(read, code), t);
  }
  const door = await import('../app/privacy/person');
  return door.collectPerson(services, actor, await door.personByCode(read, code));
}

async function erase(code: string, options: PersonCommand, out: CommandOutput): Promise<object> {
  return withProduct(options.config, async ({ services, t, actor }) => {
    const typedCode = options.confirm ?? '';
    const { read } = services.database;
    const say = (open: readonly OpenMatter[]): void => {
      for (const { code: matter, details } of open)
        out.say(t(matter, { ...details, amount: (Number(details['amountFen'] ?? 0) / 100).toFixed(2) }));
    };
    if (options.staff) {
      const door = await import('../app/privacy/staff');
      const staffId = await door.staffByCode(read, code);
      const gone = door.isErased(await door.mustGetStaff(read, staffId));
      if (!gone) say(await door.openWithStaff(read, actor, staffId, services.clock()));
      await door.eraseStaff(services, actor, { staffId, reason: 'request', typedCode });
    } else {
      const door = await import('../app/privacy/person');
      const { fromInstant } = await import('../kernel');
      const customerId = await door.personByCode(read, code);
      say(await door.openWith(read, customerId, fromInstant(services.clock(), services.timeZone)));
      await door.erasePerson(services, actor, { customerId, reason: 'request', typedCode });
    }
    out.say(t(`privacy:${kind(options)}command.erased`, { code: typedCode.toUpperCase() }));
    return { ok: true, ...named(options, typedCode.toUpperCase()) };
  });
}
