import { expect } from 'chai';
import { courtesy } from '../../../src/platform/database/courtesy';

describe('courtesy of long work', () => {
  const watch = { count: 0 };
  let clock = 0;
  const rests: number[] = [];
  const piece = courtesy(
    watch,
    () => clock,
    (ms) => Promise.resolve(rests.push(ms)),
  );
  const work = async (ms: number, statements: number): Promise<number[]> => {
    rests.length = 0;
    const done = piece();
    clock += ms;
    watch.count += statements;
    await done();
    return [...rests];
  };

  it('rests as long as it worked while people were at work, three times as long in a queue, and not at all otherwise', async () => {
    expect(await work(200, 0)).to.deep.equal([]);
    expect(await work(200, 4)).to.deep.equal([]);
    expect(await work(200, 5)).to.deep.equal([200]);
    expect(await work(200, 100)).to.deep.equal([200]);
    expect(await work(200, 101)).to.deep.equal([600]);
    expect(await work(30, 40)).to.deep.equal([90]);
    expect(await work(60_000, 60_000)).to.deep.equal([5000]);
    expect(await work(60_000, 600)).to.deep.equal([]);
  });
});
