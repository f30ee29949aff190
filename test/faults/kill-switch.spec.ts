import { expect } from 'chai';
import { SWITCH_POINTS, switchKillRounds } from '../support/crash/switch-rounds';

// Every point: npm run test:faults -- --switch.
describe('a change of the database whose server is killed', function () {
  this.timeout(300_000);
  const SHORT = ['after running copy running', 'after config.yaml'];

  it('leads to the old or the new one, whole and open, never between', async () => {
    const points = SWITCH_POINTS.filter(([point]) => SHORT.includes(point));
    expect(points).to.have.length(SHORT.length);
    expect(await switchKillRounds(points)).to.deep.equal([]);
  });
});
