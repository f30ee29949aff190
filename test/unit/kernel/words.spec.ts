import { expect } from 'chai';
import fc from 'fast-check';
import {
  defineMachine,
  DomainError,
  emptyToNull,
  forbidden,
  invalid,
  isDomainError,
  normaliseCode,
  normaliseName,
  normalisePhone,
  notFound,
  shorten,
  stale,
  worstStatus,
} from '../../../src/kernel';

describe('errors', () => {
  it('carry code, details, status and fields', () => {
    expect(notFound('catalog.product', 17)).to.include({ code: 'errors:not_found', status: 404 });
    expect(notFound('catalog.product', 17).details).to.deep.equal({ what: 'catalog.product', id: 17 });
    expect(forbidden('inventory.cost.view')).to.include({ code: 'errors:forbidden', status: 403 });
    expect(stale()).to.include({ code: 'errors:stale', status: 409 });
    const error = invalid('catalog:error.name', { a: 1 }, [{ path: 'name', code: 'errors:required' }]);
    expect(error).to.include({ code: 'catalog:error.name', status: 422, message: 'catalog:error.name' });
    expect(error.fields).to.deep.equal([{ path: 'name', code: 'errors:required' }]);
    expect(isDomainError(error) && !isDomainError(new Error('x'))).to.equal(true);
    const cause = new Error('inner');
    expect(new DomainError('x:y', { cause }).cause).to.equal(cause);
  });
});

describe('state machine', () => {
  const machine = defineMachine({
    name: 'receipt',
    initial: 'draft',
    final: ['reversed', 'cancelled'],
    transitions: {
      draft: { post: 'posted', cancel: 'cancelled' },
      posted: { reverse: 'reversed' },
      reversed: {},
      cancelled: {},
    },
  });

  it('goes where the table says and nowhere else', () => {
    expect(machine.next('draft', 'post')).to.equal('posted');
    expect(machine.can('posted', 'post')).to.equal(false);
    expect(machine.eventsOf('draft')).to.deep.equal(['post', 'cancel']);
    expect(machine.events).to.deep.equal(['post', 'cancel', 'reverse']);
    expect(() => machine.next('posted', 'post'))
      .to.throw(DomainError, 'errors:state.not_allowed')
      .with.property('status', 409);
    expect(machine.defects()).to.deep.equal([]);
  });

  it('does not take inherited names for events', () => {
    expect(machine.can('draft', 'constructor' as 'post')).to.equal(false);
    expect(machine.can('toString' as 'draft', 'post')).to.equal(false);
  });

  it('finds dead ends, islands and unknown states', () => {
    const broken = defineMachine<string, string>({
      name: 'broken',
      initial: 'a',
      final: ['z', 'nowhere'],
      transitions: { a: { go: 'b', end: 'z' }, b: { again: 'b' }, c: { go: 'z' }, z: { typo: 'zz' } },
    });
    expect(broken.defects()).to.have.members([
      'unknown state nowhere',
      'z leads to unknown state zz',
      'c is never reached',
      'b leads to no final state',
    ]);
  });
});

describe('text', () => {
  it('gives a code one form', () => {
    expect(normaliseCode('  ｍａｔｅ７０ ')).to.equal('MATE70');
    expect(normaliseCode('\ufeffab\u200bc\u0000')).to.equal('ABC');
    expect(normaliseCode('a \t  b')).to.equal('A B');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normaliseCode(text);
        expect(once).to.equal(once.trim());
      }),
    );
  });

  it('keeps a name as typed, without what nobody sees', () => {
    expect(normaliseName(' 华为\u200b  Mate 70 ')).to.equal('华为 Mate 70');
  });

  it('knows nothing from something', () => {
    expect(emptyToNull('')).to.equal(null);
    expect(emptyToNull('  \n')).to.equal(null);
    expect(emptyToNull(undefined)).to.equal(null);
    expect(emptyToNull(null)).to.equal(null);
    expect(emptyToNull(' a ')).to.equal('a');
  });

  for (const [text, expected] of [
    ['13812345678', '13812345678'],
    ['138 1234 5678', '13812345678'],
    ['138-1234-5678', '13812345678'],
    ['１３８１２３４５６７８', '13812345678'],
    ['+86 138 1234 5678', '13812345678'],
    ['+86-13812345678', '13812345678'],
    ['008613812345678', '13812345678'],
    ['8613812345678', '13812345678'],
    ['025-84455667', '02584455667'],
    ['(010) 6655 4433', '01066554433'],
    ['+86 25 8445 5667', '02584455667'],
    ['400-812-3456', '4008123456'],
    ['+852 9123 4567', '+85291234567'],
    ['0044 20 7946 0958', '+442079460958'],
    ['+1 (415) 555-0100', '+14155550100'],
    ['', null],
    ['12345', null],
    ['12838389438', null],
    ['1381234567', null],
    ['138123456789', null],
    ['+86 1234', null],
    ['++8613812345678', null],
    ['abc13812345678', null],
    ['+0123456789', null],
  ] as const) {
    it(`telephone ${JSON.stringify(text)} → ${expected}`, () => expect(normalisePhone(text)).to.equal(expected));
  }

  it('finds a stored telephone number again by its own form', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+- ()') }), (text) => {
        const once = normalisePhone(text);
        if (once !== null) expect(normalisePhone(once)).to.equal(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('shortens without cutting a character in half', () => {
    expect(shorten('abc', 3)).to.equal('abc');
    expect(shorten('abcd', 3)).to.equal('ab…');
    expect(shorten('📱📱📱', 2)).to.equal('📱…');
  });
});

describe('checks', () => {
  it('knows the worst of several', () => {
    const of = (status: 'ok' | 'warn' | 'fail') => ({ id: 'x', category: 'host', status });
    expect(worstStatus([])).to.equal('ok');
    expect(worstStatus([of('ok'), of('warn'), of('ok')])).to.equal('warn');
    expect(worstStatus([of('fail'), of('warn')])).to.equal('fail');
  });
});
