import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import {
  newState,
  runSteps,
  type SetupEvent,
  type SetupState,
  stateFile,
  type StateStore,
  type Step,
  StepFailed,
  undoSteps,
  Wizard,
} from '../../../installer/engine';
import { text } from '../../../src/platform/checks';

/** A world that the made-up steps change, and a clock of its moments at which a process may be killed. */
interface World {
  things: Map<string, string>;
  moment: () => Promise<void>;
}

const never = new Promise<never>(() => undefined);
const put = async ({ things, moment }: World, key: string, value: string): Promise<void> => {
  await moment();
  things.set(key, value);
  await moment();
};

/** Three steps that each do two things; what they did half-way is told apart from what is whole. */
function madeUpSteps(fail: { step?: string } = {}): Step<World>[] {
  const step = (id: string, before: Step<World>['questions']): Step<World> => ({
    id,
    title: text('setup:verbatim', { text: id }),
    ...(before && { questions: before }),
    apply: async ({ env, answers }, onProgress) => {
      if (env.things.has(`${id}.half`) && !env.things.has(`${id}.whole`)) throw new Error(`${id} was left half-way`);
      await put(env, `${id}.half`, 'begun');
      onProgress({ done: 1, total: 2, label: text('setup:verbatim', { text: id }) });
      if (fail.step === id) throw new Error('the disk is full');
      await put(env, `${id}.whole`, String(answers[`${id}.name`] ?? ''));
      return undefined;
    },
    undo: async ({ env }) => {
      await env.moment();
      env.things.delete(`${id}.whole`);
      env.things.delete(`${id}.half`);
    },
  });
  return [
    step('first', () => [{ id: 'first.name', kind: 'text', label: text('a') }]),
    step('second', undefined),
    step('third', () => [
      {
        id: 'third.name',
        kind: 'text',
        label: text('b'),
        default: ({ answers }) => `after ${String(answers['first.name'])}`,
      },
      { id: 'third.secret', kind: 'secret', label: text('c'), when: ({ answers }) => answers['third.name'] !== 'open' },
    ]),
  ];
}

function memory(): StateStore & { kept: () => SetupState | undefined } {
  let kept: string | undefined;
  const read = (): SetupState | undefined => (kept === undefined ? undefined : (JSON.parse(kept) as SetupState));
  return {
    read,
    kept: read,
    write: (state) => void (kept = JSON.stringify(state)),
    remove: () => void (kept = undefined),
  };
}

const plain = { strict: false, allowUnsigned: false };
const open = (steps: Step<World>[], env: World, store: StateStore): Wizard<World> =>
  new Wizard({ steps, env, store, state: store.read() ?? newState('1.0.0'), options: plain });

/** Answers what is asked and does the work, as a person who starts the setup again after each interruption would. */
async function setUp(steps: Step<World>[], env: World, store: StateStore, events: SetupEvent[] = []): Promise<void> {
  const wizard = open(steps, env, store);
  for (let step = wizard.current(); step; step = wizard.current()) {
    const values = step.id === 'first' ? { 'first.name': 'shop' } : { 'third.secret': 'hush' };
    expect((await wizard.submit(values)).kind).to.equal('next');
  }
  const { context, state } = wizard;
  await runSteps({ steps: wizard.steps(), context, state, store, onEvent: (event) => events.push(event) });
}

const calm = (): World => ({ things: new Map(), moment: () => Promise.resolve() });

describe('setup engine: asking', () => {
  it('asks step by step, offers defaults that follow from earlier answers, and says what is wrong with an answer', async () => {
    const wizard = open(madeUpSteps(), calm(), memory());
    expect(wizard.current()?.id).to.equal('first');
    expect(await wizard.submit({ 'first.name': ' ' })).to.deep.equal({
      kind: 'problems',
      problems: [{ id: 'first.name', text: { key: 'setup:error.required' } }],
    });
    expect((await wizard.submit({ 'first.name': 'shop' })).kind).to.equal('next');
    expect(wizard.current()?.id).to.equal('third');
    const third = wizard.steps().find(({ id }) => id === 'third') as Step<World>;
    expect(wizard.questions(third).map(({ value }) => value)).to.deep.equal(['after shop', undefined]);
    // The secret belongs to a name; with the name `open` it is not asked.
    expect((await wizard.submit({ 'third.name': 'open' })).kind).to.equal('next');
    expect(wizard.current()).to.equal(undefined);
  });

  it('goes back, keeps what was answered, and asks what follows again only when an answer was changed', async () => {
    const wizard = open(madeUpSteps(), calm(), memory());
    await wizard.submit({ 'first.name': 'shop' });
    await wizard.submit({ 'third.secret': 'hush' });
    expect(wizard.back()).to.equal(true);
    expect(wizard.current()?.id).to.equal('third');
    expect(wizard.back()).to.equal(true);
    expect(wizard.current()?.id).to.equal('first');
    expect(wizard.back()).to.equal(false);
    await wizard.submit({ 'first.name': 'shop' });
    expect(wizard.current()).to.equal(undefined);
    wizard.goTo('first');
    await wizard.submit({ 'first.name': 'market' });
    expect(wizard.current()?.id).to.equal('third');
  });

  it('stops at a failed check, asks at a warning, refuses a warning when strict, and notes what was accepted', async () => {
    let status: 'fail' | 'warn' = 'fail';
    const steps: Step<World>[] = [
      {
        id: 'look',
        title: text('a'),
        check: () => Promise.resolve([{ id: 'disk', category: 'host', title: text('d'), status, found: text('f') }]),
      },
    ];
    const wizard = open(steps, calm(), memory());
    expect(await wizard.submit({}, { accept: true })).to.include({ kind: 'report', acceptable: false });
    status = 'warn';
    expect(await wizard.submit({})).to.include({ kind: 'report', acceptable: true });
    const strict = new Wizard({
      steps,
      env: calm(),
      store: memory(),
      state: newState('1'),
      options: { ...plain, strict: true },
    });
    expect(await strict.submit({}, { accept: true })).to.include({ kind: 'report', acceptable: false });
    expect((await wizard.submit({}, { accept: true })).kind).to.equal('next');
    expect(wizard.state.facts['accepted']).to.deep.equal({ look: ['disk'] });
  });

  it('reads the answers of every kind of question', async () => {
    const choices = () => ['x', 'y'].map((value) => ({ value, label: text(value) }));
    const steps: Step<World>[] = [
      {
        id: 'all',
        title: text('a'),
        questions: () => [
          { id: 'n', kind: 'number', label: text('n'), schema: z.int().max(9, 'setup:error.port') },
          { id: 'b', kind: 'confirm', label: text('b') },
          { id: 'c', kind: 'choice', label: text('c'), choices },
          { id: 'm', kind: 'multi', label: text('m'), choices },
          { id: 'l', kind: 'lines', label: text('l') },
          { id: 'o', kind: 'text', label: text('o'), optional: true },
        ],
      },
    ];
    const wizard = open(steps, calm(), memory());
    const wrong = await wizard.submit({ n: '10', b: 'perhaps', c: 'z', m: ['x', 'z'], l: '' });
    expect(wrong.kind === 'problems' && wrong.problems.map(({ id, text: { key } }) => `${id} ${key}`)).to.deep.equal([
      'n setup:error.port',
      'b setup:error.confirm',
      'c setup:error.choice',
      'm setup:error.choice',
      'l setup:error.required',
    ]);
    await wizard.submit({ n: '7', b: '1', c: 'y', m: ['x', 'x'], l: ' one \n\ntwo' });
    expect(wizard.context.answers).to.deep.equal({ n: 7, b: true, c: 'y', m: ['x'], l: ['one', 'two'], o: undefined });
  });
});

describe('setup engine: doing', () => {
  it('comes to the same end however often it is interrupted, at every moment', async () => {
    const whole = calm();
    await setUp(madeUpSteps(), whole, memory());
    let kills = 0;
    for (let lastMoment = 0; ; lastMoment++) {
      const things = new Map<string, string>();
      const store = memory();
      let moments = 0;
      let killed: (() => void) | undefined;
      const death = new Promise<'killed'>((resolve) => (killed = () => resolve('killed')));
      const mortal: World = {
        things,
        moment: () => {
          if (moments++ < lastMoment) return Promise.resolve();
          killed?.();
          return never;
        },
      };
      const first = await Promise.race([setUp(madeUpSteps(), mortal, store), death]);
      await setUp(madeUpSteps(), { things, moment: () => Promise.resolve() }, store);
      expect(Object.fromEntries(things), `killed at moment ${lastMoment}`).to.deep.equal(
        Object.fromEntries(whole.things),
      );
      if (first !== 'killed') break;
      kills++;
    }
    expect(kills).to.equal(12);
  });

  it('takes back a step that failed, keeps those before it, and goes on from there', async () => {
    const world = calm();
    const store = memory();
    const events: SetupEvent[] = [];
    const failure = await setUp(madeUpSteps({ step: 'second' }), world, store, events).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure)
      .to.be.instanceOf(StepFailed)
      .and.include({ step: 'second', undone: true, message: 'the disk is full' });
    expect([...world.things.keys()]).to.deep.equal(['first.half', 'first.whole']);
    expect(events.at(-1)).to.include({ kind: 'failed', step: 'second', undone: true });
    expect(store.kept()).to.deep.include({ done: ['first'], running: null });
    events.length = 0;
    await setUp(madeUpSteps(), world, store, events);
    expect(events[0]).to.deep.include({ kind: 'done', step: 'first', earlier: true });
    expect(world.things.get('third.whole')).to.equal('after shop');
  });

  it('takes back everything when an answer is changed after a failure, and on request', async () => {
    const world = calm();
    const store = memory();
    await setUp(madeUpSteps({ step: 'third' }), world, store).catch(() => undefined);
    const again = open(madeUpSteps(), world, store);
    again.goTo('first');
    await again.submit({ 'first.name': 'market' });
    expect(world.things.size).to.equal(0);
    expect(store.kept()).to.deep.include({ done: [], running: null });

    const other = calm();
    const kept = memory();
    await setUp(madeUpSteps({ step: 'third' }), other, kept).catch(() => undefined);
    const { context, state } = open(madeUpSteps(), other, kept);
    await undoSteps(madeUpSteps(), context, state, kept);
    expect(other.things.size).to.equal(0);
  });

  it('asks again for a secret after an interruption, because the state holds none', async () => {
    const store = memory();
    const wizard = open(madeUpSteps(), calm(), store);
    await wizard.submit({ 'first.name': 'shop' });
    await wizard.submit({ 'third.secret': 'hush' });
    expect(JSON.stringify(store.kept())).to.not.include('hush');
    expect(open(madeUpSteps(), calm(), store).current()?.id).to.equal('third');
  });
});

describe('setup engine: state file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-state-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is replaced as a whole, readable by its owner only, and gone when removed', () => {
    const file = path.join(folder, 'deep', 'state.json');
    const store = stateFile(file);
    expect(store.read()).to.equal(undefined);
    store.write({ ...newState('1.0.0'), asked: ['a'] });
    store.write({ ...newState('1.0.0'), asked: ['a', 'b'], facts: { list: ['x', null, { y: 1 }] } });
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(path.dirname(file))).to.deep.equal(['state.json']);
    expect(store.read()).to.deep.equal({
      ...newState('1.0.0'),
      asked: ['a', 'b'],
      facts: { list: ['x', null, { y: 1 }] },
    });
    store.remove();
    expect(store.read()).to.equal(undefined);
  });

  it('says so when it is damaged', () => {
    const file = path.join(folder, 'state.json');
    writeFileSync(file, readFileSync(import.meta.filename, 'utf8'));
    expect(() => stateFile(file).read()).to.throw('state.json is damaged');
  });
});
