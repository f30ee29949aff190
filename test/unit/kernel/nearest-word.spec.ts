import { expect } from 'chai';
import { nearestWord, sameWord } from '../../../src/kernel';

const CATEGORIES = ['手机厂商', '国代', '省代', '运营商', '配件商', '维修配件', 'Carrier'];

describe('words of the configuration in a file', () => {
  it('are the same whatever the case, width and spaces', () => {
    expect(sameWord(' 国　代', CATEGORIES)).to.equal('国代');
    expect(sameWord('ＣＡＲＲＩＥＲ', CATEGORIES)).to.equal('Carrier');
    expect(sameWord('国代商', CATEGORIES)).to.equal(undefined);
  });

  it('are suggested for what comes near them', () => {
    expect(nearestWord('国代商', CATEGORIES)).to.equal('国代');
    expect(nearestWord('厂商', CATEGORIES)).to.equal('手机厂商');
    expect(nearestWord('维修配见', CATEGORIES)).to.equal('维修配件');
    expect(nearestWord('carier', CATEGORIES)).to.equal('Carrier');
    expect(nearestWord('房东', CATEGORIES)).to.equal(undefined);
    expect(nearestWord('', CATEGORIES)).to.equal(undefined);
    expect(nearestWord('任何', [])).to.equal(undefined);
  });
});
