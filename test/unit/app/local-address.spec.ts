import { expect } from 'chai';
import { localAddress } from '../../../src/app/ask-server';

describe('where a command asks the server of this machine', () => {
  for (const [host, expected] of [
    ['0.0.0.0', 'http://127.0.0.1:8480'],
    ['::', 'http://127.0.0.1:8480'],
    ['[::]', 'http://127.0.0.1:8480'],
    ['::1', 'http://[::1]:8480'],
    ['fd00::7', 'http://[fd00::7]:8480'],
    ['192.168.1.9', 'http://192.168.1.9:8480'],
    ['erp.shop.lan', 'http://erp.shop.lan:8480'],
  ] as const)
    it(`listening on ${host}: ${expected}`, () => {
      expect(localAddress({ host, port: 8480 })).to.equal(expected);
      expect(new URL(localAddress({ host, port: 8480 })).port).to.equal('8480');
    });
});
