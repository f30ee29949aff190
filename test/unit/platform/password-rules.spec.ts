import { expect } from 'chai';
import { isDomainError } from '../../../src/kernel';
import { checkPassword } from '../../../src/platform/auth';

const codeOf = (password: string): string | undefined => {
  try {
    checkPassword(password, { login: 'ANNA', minLength: 8 });
    return undefined;
  } catch (error) {
    return isDomainError(error) ? error.fields[0]?.code : String(error);
  }
};

describe('passwords', () => {
  it('are refused when they are what everybody tries first', () => {
    for (const password of [
      'Password1!',
      'P@ssw0rd2024',
      '!!qwerty123',
      'woaini1314520',
      'admin123456',
      '19900501',
      '13812345678',
      'iloveyou!!!',
      'zhang19880808',
    ])
      expect(codeOf(password), password).to.equal('auth:password.common');
    expect(codeOf('my-anna-kettle')).to.equal('auth:password.contains_login');
    expect(codeOf('kettle')).to.equal('auth:password.too_short');
  });

  it('are taken without capitals and signs when they are long enough', () => {
    for (const password of ['plover kettle 42', '雨后的石板路发亮', 'correct-horse-battery', 'zhang sells phones well'])
      expect(codeOf(password), password).to.equal(undefined);
  });
});
